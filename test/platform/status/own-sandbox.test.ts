import { once } from 'node:events';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { expect, test } from '@jest/globals';
import type { Heartbeat } from '../../../lambdas/domain/status/heartbeat.ts';
import { ownSandbox } from '../../../lambdas/platform/status/own-sandbox.ts';

const file = pathToFileURL('lambdas/platform/status/own-sandbox.ts').href;

test('a process says how long it lives and how much memory is resident', () => {
  const { startedAt, beatAt, memoryBytes } = ownSandbox();
  expect(beatAt - startedAt).toBeGreaterThan(0);
  expect(Math.abs(beatAt - startedAt - process.uptime() * 1000)).toBeLessThan(1000);
  expect(memoryBytes).toBeGreaterThan(20_000_000);
});

test('the load of the processor is that since it was told last', () => {
  ownSandbox();
  const until = Date.now() + 200;
  while (Date.now() < until);
  expect(ownSandbox().cpuPercent).toBeGreaterThan(10);
});

test('a thread says what is its own: its process is older, and larger', async () => {
  const began = Date.now();
  // What it has done before it is known to live is not of the time that it lives.
  const code = `import { parentPort } from 'node:worker_threads';
    const until = Date.now() + 200;
    while (Date.now() < until);
    const { ownSandbox } = await import(${JSON.stringify(file)});
    const ready = Date.now() + 20;
    while (Date.now() < ready);
    parentPort.postMessage(ownSandbox());`;
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`));
  const [own]: Heartbeat[] = await once(worker, 'message');
  await worker.terminate();
  expect(own?.startedAt).toBeGreaterThanOrEqual(began);
  expect(own?.cpuPercent).toBeLessThan(150);
  expect(own?.memoryBytes).toBeLessThan(ownSandbox().memoryBytes);
});
