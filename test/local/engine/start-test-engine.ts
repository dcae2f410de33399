import { type Engine, startEngine } from '../../../local/engine/engine.ts';
import { loadModel } from '../../../local/engine/template/load-model.ts';
import { functionResource, temporaryDirectory, writeAssembly } from './hand-made-assembly.ts';

type Resources = Parameters<typeof writeAssembly>[0][string]['Resources'];

type Options = {
  readonly dataDir?: string;
  readonly everySeconds?: number;
  readonly log?: (line: string) => void;
};

/** An engine that runs the given resources and a function resource for each piece of code. */
export async function startTestEngine(
  functions: Record<string, string>,
  resources: Resources,
  options: Options = {},
): Promise<Engine> {
  const functionResources = Object.keys(functions).map((name) => [
    logicalId(name),
    functionResource(name, { Timeout: 20, MemorySize: 256 }),
  ]);
  const Resources = { Role: { Type: 'AWS::IAM::Role' }, ...Object.fromEntries(functionResources), ...resources };
  return startEngine({
    model: loadModel(writeAssembly({ service: { Resources } }, functions)),
    dataDir: options.dataDir ?? temporaryDirectory(),
    port: 0,
    endpoints: { dynamodb: 'http://127.0.0.1:9', s3: 'http://127.0.0.1:9' },
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    log: options.log ?? (() => {}),
    ...(options.everySeconds === undefined ? {} : { everySeconds: options.everySeconds }),
  });
}

function logicalId(name: string): string {
  return name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** What every client of the engine needs. */
export function clientSettings(endpoint: string) {
  return {
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  };
}

/** Awaits a condition, asking again every few milliseconds; the test's own time-out is the limit. */
export async function until<T>(find: () => T | undefined | false | Promise<T | undefined | false>): Promise<T> {
  for (;;) {
    const found = await find();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
