import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { buildApp } from 'fauxqs';
import type { Credentials } from '../s3/verify-signature.ts';

export type QueueSpec = {
  /** As in an account of this engine: `https://sqs.<region>.amazonaws.com/000000000000/<name>`. */
  readonly url: string;
  /** As SQS has them, by its names. */
  readonly attributes: Readonly<Record<string, string>>;
};

export type SqsOptions = { readonly queues: readonly QueueSpec[]; readonly credentials: Credentials };

/** SQS with these queues, by fauxqs, on loopback. Messages are kept in memory: they end with the engine. */
export async function startSqs({ queues, credentials }: SqsOptions): Promise<{ url: string; close(): Promise<void> }> {
  const app = buildApp({ logger: false });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const close = async () => void (await app.close());
  try {
    for (const queue of queues) await createQueue(url, queue, credentials);
  } catch (error) {
    await close();
    throw error;
  }
  return { url, close };
}

async function createQueue(endpoint: string, queue: QueueSpec, credentials: Credentials): Promise<void> {
  const { hostname, pathname } = new URL(queue.url);
  const [, region = ''] = hostname.split('.');
  const client = new SQSClient({ endpoint, region, credentials });
  const attributes = { ...queue.attributes };
  try {
    await client.send(new CreateQueueCommand({ QueueName: pathname.split('/').at(-1), Attributes: attributes }));
  } finally {
    client.destroy();
  }
}
