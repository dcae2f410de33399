/**
 * Runs inside a sandbox, a child process or a worker thread: loads the deployed bundle once, then answers invocations
 * one at a time as the Lambda runtime does. Nothing of the engine's own state is reachable from here.
 */
import { pathToFileURL } from 'node:url';
import { getHeapStatistics } from 'node:v8';
import { parentPort, workerData } from 'node:worker_threads';
import type { FunctionError } from './outcome.ts';
import { readMemory } from './process-memory.ts';
import type { Invoke, Reply, SandboxSettings } from './sandbox-messages.ts';

type Handler = (event: unknown, context: object) => unknown;

const settings: SandboxSettings = parentPort ? workerData : JSON.parse(process.argv[2] ?? '{}');

function send(reply: Reply): void {
  if (parentPort) parentPort.postMessage(reply);
  else process.send?.(reply);
}

async function load(): Promise<Handler> {
  const module: Record<string, unknown> = await import(pathToFileURL(settings.file).href);
  const handler = module[settings.exportName];
  if (typeof handler === 'function') return handler as Handler;
  throw Object.assign(new Error(`${settings.exportName} is undefined or not exported`), {
    name: 'Runtime.HandlerNotFound',
  });
}

async function answer(handler: Handler, { requestId, event, deadline }: Invoke): Promise<void> {
  try {
    const result = await handler(JSON.parse(event), contextOf(requestId, deadline));
    await reportLeftovers(requestId);
    send({ type: 'returned', requestId, payload: JSON.stringify(result) ?? 'null', peakKb: peakKb() });
  } catch (error) {
    // The runtime prints what a handler throws; the caller gets name, message and stack.
    console.error(error);
    send({ type: 'threw', requestId, error: describe(error), peakKb: peakKb() });
  }
}

/** Whatever still keeps the event loop going would be frozen by Lambda, and thaw in another invocation, of anyone. */
async function reportLeftovers(requestId: string): Promise<void> {
  // What the handler has just let go of is closed in this turn.
  await new Promise(setImmediate);
  const left = process.getActiveResourcesInfo();
  for (const kind of ownResources) if (left.includes(kind)) left.splice(left.indexOf(kind), 1);
  if (left.length > 0) console.error(`LEFT BEHIND RequestId: ${requestId}\t${left.join(', ')}`);
}

function contextOf(awsRequestId: string, deadline: number): object {
  return {
    awsRequestId,
    functionName: settings.functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: settings.functionArn,
    memoryLimitInMB: String(settings.memoryMb),
    logGroupName: settings.logGroup,
    logStreamName: 'local',
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}

function describe(error: unknown): FunctionError {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] };
  return { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') };
}

/** Of a process its resident memory; of a thread, which shares it, its heap. */
function peakKb(): number {
  if (parentPort) return Math.round(getHeapStatistics().used_heap_size / 1024);
  return readMemory('self')?.peakKb ?? process.resourceUsage().maxRSS;
}

if (!parentPort) {
  // Ctrl-C reaches the whole process group: the engine decides when its sandboxes end. If it dies, they end too.
  process.on('SIGINT', () => {});
  process.on('disconnect', () => process.exit());
}

/** What the sandbox itself needs. */
let ownResources: string[] = [];

try {
  const handler = await load();
  const receive = (message: Invoke): void => void answer(handler, message);
  if (parentPort) parentPort.on('message', receive);
  else process.on('message', receive);
  ownResources = process.getActiveResourcesInfo();
  send({ type: 'ready' });
} catch (error) {
  console.error(error);
  send({ type: 'failed-init', error: describe(error) });
}
