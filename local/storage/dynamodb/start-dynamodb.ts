import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { LoopbackServer } from '../../listen-on-loopback.ts';

const HOST = new URL('./dynamodb-host.ts', import.meta.url);

/**
 * DynamoDB on loopback, in a thread of its own: it has as much to do for a request as all that stands before it, and
 * what had to wait for both would be given up by those who asked. Answers where it listens.
 */
export async function startDynamodb(path: string, port = 0): Promise<LoopbackServer> {
  const worker = new Worker(HOST, { workerData: { path, port }, execArgv: [] });
  const exited = new Promise((resolve) => worker.once('exit', resolve));
  // Rejects with what the thread failed with.
  const [listening]: Pick<LoopbackServer, 'url' | 'port'>[] = await once(worker, 'message');
  if (!listening) throw new Error('DynamoDB did not say where it listens');
  return {
    ...listening,
    async close() {
      worker.postMessage('close');
      await exited;
    },
  };
}
