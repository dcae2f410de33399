import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { environments, type FunctionName } from '../../lambdas/contracts/environments.ts';
import { kebabCase } from '../../lib/constructs/kebab-case.ts';
import { bundleLambdas, handlerFile } from '../../lib/constructs/lambda-bundle.ts';
import { synthesize } from './synthesize.ts';

const names = Object.keys(environments) as FunctionName[];
const directory = mkdtempSync(join(tmpdir(), 'headgate-bundle-'));
const bundleOf = (name: FunctionName) => join(directory, kebabCase(name), 'index.mjs');

beforeAll(() => bundleLambdas(directory), 120_000);
afterAll(() => rmSync(directory, { recursive: true, force: true }));

test('every function starts with the variables that it is deployed with, and gives a handler', () => {
  const loaded = JSON.stringify(names.map((name) => pathToFileURL(bundleOf(name)).href));
  const script = `for (const url of ${loaded}) console.log('handler:', typeof (await import(url)).handler);`;
  const env = { ...deployedVariables(), AWS_REGION: 'eu-central-1' };
  const said = execFileSync(process.execPath, ['--input-type=module', '--eval', script], { env, encoding: 'utf8' });
  // Functions may log as they start.
  const handlers = said.split('\n').filter((line) => line.startsWith('handler: '));
  expect(handlers).toEqual(names.map(() => 'handler: function'));
});

describe.each(names)('the bundle of %s', (name) => {
  test('is small enough to start fast', () => {
    expect(statSync(bundleOf(name)).size).toBeLessThan(2 * 1024 * 1024);
  });

  test('names its map, which knows the file that people edit', () => {
    expect(readFileSync(bundleOf(name), 'utf8').trimEnd()).toMatch(/\/\/# sourceMappingURL=index\.mjs\.map$/);
    const map: { sources: string[] } = JSON.parse(readFileSync(`${bundleOf(name)}.map`, 'utf8'));
    expect(map.sources.some((source) => source.endsWith(handlerFile(name)))).toBe(true);
  });
});

test('functions ask the registry that the settings name, which may build on the own one', async () => {
  const other = join(directory, 'other');
  const registry = join(directory, 'registry.ts');
  writeFileSync(
    registry,
    `import { adapters as own } from '${join(process.cwd(), 'lambdas/adapters/registry.ts')}';
     export const adapters = [...own, { id: 'feed-of-this-test' }];`,
  );
  await bundleLambdas(other, registry);
  const asking = names.filter((name) =>
    readFileSync(join(other, kebabCase(name), 'index.mjs'), 'utf8').includes('feed-of-this-test'),
  );
  expect(asking.sort()).toEqual(['dispatchPolls', 'getAdapterHealth', 'getFeedHealth', 'listRecords', 'pollFeeds']);
}, 30_000);

/** Of all functions together; what CloudFormation would fill in is just named. */
function deployedVariables(): Record<string, string> {
  const functions = synthesize({ stage: 'local' }).service.ofType('AWS::Lambda::Function');
  const variables: [string, unknown][] = functions.flatMap(({ Properties }) =>
    Object.entries(Properties.Environment.Variables),
  );
  return Object.fromEntries(variables.map(([key, value]) => [key, typeof value === 'string' ? value : 'reference']));
}
