import {
  GetObjectCommand,
  HeadObjectCommand,
  NoSuchBucket,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { RetryableError } from '../../domain/errors.ts';
import { connectionFailed, notFound, PassingTrouble, type RangeSource, statusTrouble } from './range-source.ts';

export type ObjectAddress = { readonly bucket: string; readonly key: string };

/** An object in S3; its version is its ETag. */
export function s3File(client: S3Client, { bucket, key }: ObjectAddress): RangeSource {
  const address = { Bucket: bucket, Key: key };
  return {
    async stat(abortSignal) {
      const { ETag, ContentLength } = await attempt(
        () => client.send(new HeadObjectCommand(address), { abortSignal }),
        abortSignal,
      );
      if (ETag === undefined || ContentLength === undefined)
        throw connectionFailed('S3 tells neither version nor size');
      return { version: ETag, size: ContentLength };
    },
    async open({ version, offset, end }, abortSignal) {
      const Range = `bytes=${offset}-${end === undefined ? '' : end - 1}`;
      const get = new GetObjectCommand({ ...address, Range, IfMatch: version });
      const { Body } = await attempt(() => client.send(get, { abortSignal }), abortSignal);
      return bytesOf(Body as AsyncIterable<Uint8Array>, abortSignal);
    },
  };
}

async function* bytesOf(body: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw troubleOf(error, signal);
  }
}

async function attempt<T>(call: () => Promise<T>, signal: AbortSignal): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw troubleOf(error, signal);
  }
}

function troubleOf(error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  if (error instanceof NoSuchBucket) return notFound(error);
  const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
  if (status !== undefined && status >= 300) return statusTrouble(status, { cause: error });
  return new PassingTrouble(new RetryableError(connectionWord(error), { cause: error }));
}

function connectionWord(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  const told = `${String(code)} ${String(error)}`;
  if (told.includes('ECONNREFUSED')) return 'Connection refused';
  return /ECONNRESET|EPIPE/.test(told) ? 'Connection reset' : 'Connection timeout';
}
