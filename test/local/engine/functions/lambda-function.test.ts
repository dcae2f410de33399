import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { openFunctionLog } from '../../../../local/engine/functions/function-log.ts';
import {
  type FunctionOptions,
  type LambdaFunction,
  openFunction,
} from '../../../../local/engine/functions/lambda-function.ts';
import { loadModel } from '../../../../local/engine/template/load-model.ts';
import { functionResource, temporaryDirectory, writeAssembly } from '../hand-made-assembly.ts';

const opened: (() => Promise<void>)[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((close) => close()));
});

type Options = { properties?: object } & Partial<Pick<FunctionOptions, 'isolation' | 'concurrency' | 'patienceMs'>>;

function open(code: string, { properties = {}, isolation = 'process', concurrency = 4, ...patience }: Options = {}) {
  const role = { Type: 'AWS::IAM::Role' };
  const resources = { Role: role, Fn: functionResource('fn', { Timeout: 30, MemorySize: 256, ...properties }) };
  const [model] = loadModel(writeAssembly({ s: { Resources: resources } }, { fn: code })).functions;
  if (!model) throw new Error('no function');
  const directory = temporaryDirectory();
  const log = openFunctionLog(directory, 'fn');
  let ids = 0;
  const newId = (): string => `request-${++ids}`;
  const environment = { AWS_REGION: 'here' };
  const fn = openFunction(model, { isolation, environment, concurrency, ...patience, log, newId });
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closed ??= fn.close().then(() => log.close());
    return closed;
  };
  opened.push(close);
  return { fn, close, readLog: () => readFileSync(path.join(directory, 'fn.log'), 'utf8') };
}

async function payloadOf(fn: LambdaFunction, event?: unknown): Promise<unknown> {
  const outcome = await fn.invoke(event);
  if (outcome.kind !== 'returned') throw new Error(JSON.stringify(outcome));
  return outcome.payload;
}

describe.each(['process', 'thread'] as const)('a function in a %s', (isolation) => {
  test('keeps its module state from one invocation to the next, and its environment to itself', async () => {
    const code = `let n = 0; export const handler = async (event, context) => ({ n: ++n, event, env: process.env, id: context.awsRequestId,
      remaining: context.getRemainingTimeInMillis(), name: context.functionName });`;
    const { fn } = open(code, { isolation, properties: { Environment: { Variables: { OWN: 'yes' } } } });
    await fn.invoke(null);
    expect(await payloadOf(fn, { a: 1 })).toMatchObject({ n: 2, event: { a: 1 }, id: 'request-2', name: 'fn' });
    const { env, remaining } = (await payloadOf(fn)) as { env: Record<string, string>; remaining: number };
    expect(env).toMatchObject({
      OWN: 'yes',
      AWS_REGION: 'here',
      AWS_LAMBDA_FUNCTION_NAME: 'fn',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
    });
    expect(env).not.toHaveProperty('HOME');
    expect(remaining).toBeGreaterThan(25_000);
    expect(remaining).toBeLessThanOrEqual(30_000);
    expect(fn.sandboxes()).toEqual([expect.objectContaining({ busy: false })]);
  });

  test('is told apart that leaves something running when it has answered', async () => {
    const code = `export const handler = async (leaves) => { if (leaves) setTimeout(() => {}, 60_000); };`;
    const { fn, close, readLog } = open(code, { isolation });
    await fn.invoke(false);
    await fn.invoke(true);
    await close();
    expect(readLog().match(/^LEFT BEHIND .*$/gm)).toEqual([`LEFT BEHIND RequestId: request-2\tTimeout`]);
  });

  test('that throws reports its error by name, and stays usable', async () => {
    const code = `export const handler = async (ok) => { if (ok) return 'fine'; throw Object.assign(new Error('no'), { name: 'RetryableError' }); }`;
    const { fn } = open(code, { isolation });
    expect(await fn.invoke(false)).toMatchObject({
      kind: 'threw',
      error: { errorType: 'RetryableError', errorMessage: 'no' },
    });
    expect(await payloadOf(fn, true)).toBe('fine');
    expect(fn.sandboxes()).toHaveLength(1);
  });

  test('that takes too long is killed, and the next invocation starts afresh', async () => {
    const code = `let n = 0; export const handler = async (stay) => { n += 1; while (stay); return n; }`;
    const { fn } = open(code, { isolation, properties: { Timeout: 1 } });
    expect(await payloadOf(fn, false)).toBe(1);
    expect(await fn.invoke(true)).toMatchObject({
      kind: 'timeout',
      error: { errorType: 'Sandbox.Timedout', errorMessage: 'request-2 Task timed out after 1.00 seconds' },
    });
    expect(await payloadOf(fn, false)).toBe(1);
  });

  test('that ends its process has crashed', async () => {
    const { fn } = open('export const handler = async () => process.exit(3);', { isolation });
    expect(await fn.invoke(null)).toMatchObject({ kind: 'crashed', error: { errorType: 'Runtime.ExitError' } });
    expect(fn.sandboxes()).toEqual([]);
  });

  test('that cannot be loaded says why', async () => {
    const { fn } = open(`throw new TypeError('bad start');`, { isolation });
    expect(await fn.invoke(null)).toMatchObject({
      kind: 'crashed',
      error: { errorType: 'TypeError', errorMessage: 'bad start' },
    });
  });

  test('runs no more invocations at once than it may; the others wait in line', async () => {
    const code = `import { setTimeout as sleep } from 'node:timers/promises';
      export const handler = async () => { const start = Date.now(); await sleep(100); return [start, Date.now()]; };`;
    const { fn } = open(code, { isolation, properties: { ReservedConcurrentExecutions: 2 } });
    const spans = (await Promise.all([1, 2, 3, 4, 5].map(() => payloadOf(fn)))) as [number, number][];
    const atOnce = spans.map(([start]) => spans.filter(([from, to]) => from <= start && start < to).length);
    expect(Math.max(...atOnce)).toBe(2);
    expect(fn.sandboxes()).toHaveLength(2);
  });
});

describe('a burst of invocations', () => {
  const code = 'export const handler = (ms) => new Promise((resolve) => setTimeout(resolve, ms, ms));';
  const burst = async (patienceMs: number, ms: number) => {
    const { fn } = open(code, { isolation: 'thread', concurrency: 64, patienceMs });
    await fn.invoke(0);
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => fn.invoke(ms)));
    expect(outcomes).toEqual(Array(20).fill({ kind: 'returned', payload: ms }));
    return fn.sandboxes().length;
  };

  test('is served by the sandboxes that there are, while they come free', async () => {
    expect(await burst(60_000, 1)).toBe(1);
  });

  test('gets more sandboxes where they do not', async () => {
    expect(await burst(10, 500)).toBeGreaterThan(1);
  });
});

test('a process that runs out of memory has crashed, and the engine has not', async () => {
  const code =
    'export const handler = async () => { const all = []; for (;;) all.push(new Array(1000).fill(Math.random())); };';
  const { fn } = open(code, { properties: { MemorySize: 128 } });
  expect(await fn.invoke(null)).toMatchObject({ kind: 'crashed', error: { errorType: 'Runtime.ExitError' } });
});

test('memory outside the heap counts too, for a process', async () => {
  const code = `import { setTimeout as sleep } from 'node:timers/promises';
    export const handler = async () => { const all = []; for (;;) { all.push(Buffer.alloc(16e6, 1)); await sleep(1); } };`;
  const { fn } = open(code, { properties: { MemorySize: 192 } });
  expect(await fn.invoke(null)).toMatchObject({
    kind: 'crashed',
    error: { errorMessage: expect.stringContaining('out of memory') },
  });
});

test('the peak of a process is measured, also after it has ended', async () => {
  const code = `export const handler = async (mb) => { if (mb) Buffer.alloc(mb * 1e6, 1); else process.exit(); return process.pid; };`;
  const { fn } = open(code, { properties: { MemorySize: 1024 } });
  const pid = await payloadOf(fn, 150);
  expect(fn.sandboxes()).toEqual([{ pid, peakKb: expect.any(Number), busy: false }]);
  await fn.invoke(0);
  expect(fn.peakKb()).toBeGreaterThan(150_000);
  expect(fn.peakKb()).toBeLessThan(300_000);
});

test('a log holds what the function prints, whole, and a report of each invocation', async () => {
  const { fn, close, readLog } = open(
    `export const handler = async () => { console.log('hello'); throw new Error('broken'); };`,
  );
  await fn.invoke(null);
  await close();
  expect(readLog()).toMatch(/^hello$/m);
  expect(readLog()).toMatch(/^Error: broken$/m);
  expect(readLog()).toMatch(
    /^REPORT RequestId: request-1\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 256 MB\tMax Memory Used: \d+ MB\tInit Duration: [\d.]+ ms$/m,
  );
});

test('closing ends what is running, and nothing of it stays', async () => {
  const { fn, close } = open('export const handler = () => new Promise(() => setInterval(() => {}, 1000));');
  const outcome = fn.invoke(null);
  const waiting = Promise.withResolvers<number>();
  const poll = setInterval(() => {
    const [sandbox] = fn.sandboxes();
    if (sandbox) waiting.resolve(sandbox.pid);
  }, 5);
  const pid = await waiting.promise;
  clearInterval(poll);
  await close();
  expect(await outcome).toMatchObject({ kind: 'crashed' });
  expect(existsSync(`/proc/${pid}`)).toBe(false);
});
