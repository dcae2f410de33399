import { type Engine, startEngine } from '../../../local/engine/engine.ts';
import { loadModel } from '../../../local/engine/template/load-model.ts';
import { queueOf } from '../../../local/stack.ts';
import { startSqs } from '../../../local/storage/sqs/sqs-server.ts';
import { functionResource, temporaryDirectory, writeAssembly } from './hand-made-assembly.ts';

type Resources = Parameters<typeof writeAssembly>[0][string]['Resources'];

type Options = {
  readonly dataDir?: string;
  readonly everySeconds?: number;
  readonly log?: (line: string) => void;
};

/** An engine that runs the given resources and a function resource for each piece of code, with SQS if they have queues. */
export async function startTestEngine(
  functions: Record<string, string>,
  resources: Resources,
  options: Options = {},
): Promise<Engine & { readonly sqsUrl: string }> {
  const functionResources = Object.keys(functions).map((name) => [
    logicalId(name),
    functionResource(name, { Timeout: 20, MemorySize: 256 }),
  ]);
  const Resources = { Role: { Type: 'AWS::IAM::Role' }, ...Object.fromEntries(functionResources), ...resources };
  const model = loadModel(writeAssembly({ service: { Resources } }, functions));
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const sqs = model.queues.length > 0 ? await startSqs({ queues: model.queues.map(queueOf), credentials }) : undefined;
  const engine = await startEngine({
    model,
    dataDir: options.dataDir ?? temporaryDirectory(),
    port: 0,
    endpoints: { dynamodb: 'http://127.0.0.1:9', s3: 'http://127.0.0.1:9', ...(sqs && { sqs: sqs.url }) },
    credentials,
    log: options.log ?? (() => {}),
    ...(options.everySeconds === undefined ? {} : { everySeconds: options.everySeconds }),
  });
  const close = async () => {
    await engine.close();
    await sqs?.close();
  };
  return { ...engine, sqsUrl: sqs?.url ?? '', close };
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
