import { readAdapterRegistry } from '../lib/polling/adapter-registry.ts';
import { settingsOf } from '../lib/settings.ts';
import { banner } from './banner.ts';
import { buildAssembly } from './build-assembly.ts';
import { apiClient } from './client.ts';
import { runDemo } from './demo.ts';
import { type Options, parseOptions, UsageError, usage } from './options.ts';
import { type Stack, startStack } from './stack.ts';
import { stageSettings } from './stage-settings.ts';

/** Where the command was given: npm changes to the package's folder, and tells where it was. */
const whence = process.env.INIT_CWD ?? process.cwd();
const log = (line: string): void => console.log(line);

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  try {
    const options = parseOptions(args, whence);
    if (options) return await run(options);
    log(usage);
    return 0;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    console.error(error instanceof UsageError ? `${error.message}\n\n${usage}` : `headgate: ${error.message}`);
    return error instanceof UsageError ? 2 : 1;
  }
}

async function run(options: Options): Promise<number> {
  const interrupted = interruption();
  const settings = stageSettings(options);
  const registry = await readAdapterRegistry(settingsOf({ stage: 'local', ...settings }));
  const assemblyDir = await buildAssembly(settings, log);
  const stack = await startStack({ ...options, assemblyDir, log });
  try {
    log(banner(stack, registry, whence));
    const complete = options.demo ? await demo(stack) : true;
    if (options.once) return complete ? 0 : 1;
    log('\nServing until Ctrl-C.');
    await interrupted;
    return 0;
  } finally {
    await stack.close();
  }
}

async function demo(stack: Stack): Promise<boolean> {
  log('');
  try {
    const complete = await runDemo(apiClient(stack.apiUrl, stack.adminKey), stack.sinkUrl, log);
    log(complete ? 'Demo complete: every row arrived exactly once.' : 'Demo incomplete: see above.');
    return complete;
  } catch (error) {
    console.error(`Demo failed: ${(error as Error).message}`);
    return false;
  }
}

/** Resolves at the first Ctrl-C; a second one ends the process at once. */
function interruption(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}
