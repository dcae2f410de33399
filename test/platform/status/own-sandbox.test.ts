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
  const code = `import { parentPort } from 'node:worker_threads';
    import { ownSandbox } from ${JSON.stringify(file)};
    parentPort.postMessage(ownSandbox());`;
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`));
  const [own]: Heartbeat[] = await once(worker, 'message');
  await worker.terminate();
  expect(own?.startedAt).toBeGreaterThanOrEqual(began);
  expect(own?.memoryBytes).toBeLessThan(ownSandbox().memoryBytes);
});
