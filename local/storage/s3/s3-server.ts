import { randomUUID } from 'node:crypto';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { objectStore } from './object-store.ts';
import { perform, type S3Answer } from './operations.ts';
import { S3Error } from './s3-error.ts';
import { readRequest, type S3Request } from './s3-request.ts';
import { type Credentials, verifySignature } from './verify-signature.ts';
import { element, xmlDocument } from './xml.ts';

export type S3ServerOptions = {
  readonly directory: string;
  readonly buckets: readonly string[];
  readonly credentials: Credentials;
  readonly now: () => number;
  readonly log: (message: string) => void;
};

/** S3's protocol over files: the operations that the stack uses, each as S3 answers it, and none beyond. Not yet listening. */
export function s3Server({ directory, buckets, credentials, now, log }: S3ServerOptions): Server {
  const stores = new Map(buckets.map((bucket) => [bucket, objectStore(join(directory, bucket), now)]));

  const answerTo = async (request: S3Request): Promise<S3Answer> => {
    await verifySignature(request, credentials, now());
    const store = stores.get(request.bucket);
    if (store === undefined) throw new S3Error(404, 'NoSuchBucket', 'The specified bucket does not exist');
    return await perform(request, store);
  };

  const server = createServer(async (incoming, response) => {
    try {
      const answer = await answerTo(readRequest(incoming)).catch((error: unknown) => errorAnswer(error, log));
      // What is left of a refused body is read away, so that the client gets to read why.
      incoming.resume();
      await send(response, answer);
    } catch (error) {
      // The client left, or the disk failed in the middle of a body: only a cut connection tells the truth now.
      log(`s3: ${incoming.method} ${incoming.url?.split('?')[0]}: ${String(error)}`);
      response.destroy();
    }
  });
  // An upload of gigabytes takes its time.
  server.requestTimeout = 0;
  return server;
}

function errorAnswer(error: unknown, log: (message: string) => void): S3Answer {
  if (!(error instanceof S3Error))
    log(`s3: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  const { status, code, message, headers } =
    error instanceof S3Error
      ? error
      : new S3Error(500, 'InternalError', 'We encountered an internal error. Please try again.');
  const body = xmlDocument('Error', [element('Code', code), element('Message', message)]);
  return { status, headers: { ...headers, 'content-type': 'application/xml' }, body };
}

async function send(response: ServerResponse, { status, headers, body }: S3Answer): Promise<void> {
  response.writeHead(status, { 'x-amz-request-id': randomUUID(), server: 'AmazonS3', ...headers });
  if (body instanceof Readable) await pipeline(body, response);
  else response.end(response.req.method === 'HEAD' ? undefined : body);
}
