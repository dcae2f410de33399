import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { build, type Plugin } from 'esbuild';
import { environments, type FunctionName } from '../../lambdas/contracts/environments.ts';
import { kebabCase } from './kebab-case.ts';

/** Where the code of a function comes from; template tests give code without building it. */
export type LambdaCode = (name: FunctionName) => Code;

const root = join(import.meta.dirname, '../..');
/** The module that functions ask for the adapters. */
const registry = 'lambdas/adapters/registry.ts';
const names = Object.keys(environments) as FunctionName[];

/** Handlers that are no API route, by the folder they are in. */
const folders: { [Name in FunctionName]?: 'access' | 'wrapper' | 'polling' } = {
  authorizeRequest: 'access',
  runSlice: 'wrapper',
  handOverRun: 'wrapper',
  recordCrash: 'wrapper',
  reconcileRuns: 'wrapper',
  dispatchPolls: 'polling',
  pollFeeds: 'polling',
};

/** Path of a function's handler from the repository's root. */
export function handlerFile(name: FunctionName): string {
  return `lambdas/handlers/${folders[name] ?? 'api'}/${kebabCase(name)}.ts`;
}

/**
 * Builds all functions in one pass into `<folder>/<kebab-name>/index.mjs`, the AWS SDK included: a function runs
 * the version it was tested with, and starts faster than with the runtime's own. The module `adapters`, by its path
 * from the repository's root, says which feeds there are.
 */
export async function bundleLambdas(folder: string, adapters = registry): Promise<LambdaCode> {
  const directory = resolve(root, folder);
  rmSync(directory, { recursive: true, force: true });
  await build({
    absWorkingDir: root,
    entryPoints: names.map((name) => ({ in: handlerFile(name), out: `${kebabCase(name)}/index` })),
    outdir: directory,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    minify: true,
    // External maps leave stack traces unmapped: the runtime follows only the comment at the end of the file.
    sourcemap: 'linked',
    mainFields: ['module', 'main'],
    // Some dependencies are CommonJS inside and call `require`, which an ES module does not have.
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
    logLevel: 'warning',
    plugins: [registryFrom(adapters)],
  });
  return (name) => Code.fromAsset(join(directory, kebabCase(name)));
}

/** Gives functions another registry of adapters than the repository's own, which the other one may build on. */
function registryFrom(file: string): Plugin {
  const path = resolve(root, file);
  return {
    name: 'registry',
    setup: (building) => {
      building.onResolve({ filter: /\/adapters\/registry\.ts$/ }, ({ importer }) =>
        importer === path ? undefined : { path },
      );
    },
  };
}
