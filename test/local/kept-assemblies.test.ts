import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { pruneAssemblies, useAssembly } from '../../local/kept-assemblies.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

/** Larger than any process number there is. */
const DEAD = 2 ** 30;

let folder: ReturnType<typeof temporaryDirectory>;
beforeEach(() => {
  folder = temporaryDirectory();
});
afterEach(() => folder.remove());

const at = (name: string) => join(folder.path, name);
const left = () => readdirSync(folder.path).sort();
/** An assembly that was used so many minutes ago. */
function build(name: string, minutesAgo: number): void {
  mkdirSync(at(name));
  writeFileSync(join(at(name), 'manifest.json'), '{}');
  const then = new Date(Date.now() - minutesAgo * 60_000);
  utimesSync(at(name), then, then);
}

test('the assemblies used last are kept, the others go', async () => {
  for (const [index, name] of ['c', 'a', 'e', 'b', 'd'].entries()) build(name, index);
  await pruneAssemblies(folder.path, 3);
  expect(left()).toEqual(['a', 'c', 'e']);
});

test('to use an assembly makes it one of the last', async () => {
  for (const [index, name] of ['new', 'older', 'oldest'].entries()) build(name, index + 1);
  await useAssembly(at('oldest'));
  await pruneAssemblies(folder.path, 1);
  expect(existsSync(at('oldest'))).toBe(true);
  expect(existsSync(at('older'))).toBe(false);
});

test('what a living process uses or builds stays, however old; what dead ones left behind goes', async () => {
  for (const name of ['used', `building.${process.pid}`, 'abandoned', `broken-off.${DEAD}`]) build(name, 9);
  writeFileSync(at(`used.${process.pid}.used`), '');
  writeFileSync(at(`abandoned.${DEAD}.used`), '');
  await pruneAssemblies(folder.path, 0);
  expect(left()).toEqual([`building.${process.pid}`, 'used', `used.${process.pid}.used`]);
});
