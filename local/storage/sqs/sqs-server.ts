import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { buildApp } from 'fauxqs';
import type { Credentials } from '../s3/verify-signature.ts';

export type SqsOptions = {
  /** By URL, as in an account of this engine: `https://sqs.<region>.amazonaws.com/000000000000/<name>`. */
  readonly queueUrls: readonly string[];
  readonly credentials: Credentials;
};

/** SQS with these queues, by fauxqs, on loopback. Messages are kept in memory: they end with the engine. */
export async function startSqs({
  queueUrls,
  credentials,
}: SqsOptions): Promise<{ url: string; close(): Promise<void> }> {
  const app = buildApp({ logger: false });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const close = async () => void (await app.close());
  try {
    for (const queueUrl of queueUrls) await createQueue(url, new URL(queueUrl), credentials);
  } catch (error) {
    await close();
    throw error;
  }
  return { url, close };
}

async function createQueue(endpoint: string, queueUrl: URL, credentials: Credentials): Promise<void> {
  const [, region = ''] = queueUrl.hostname.split('.');
  const name = queueUrl.pathname.split('/').at(-1) ?? '';
  const client = new SQSClient({ endpoint, region, credentials });
  const attributes = { ...(name.endsWith('.fifo') && { FifoQueue: 'true' }), MaximumMessageSize: '1048576' };
  try {
    await client.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }));
  } finally {
    client.destroy();
  }
}
