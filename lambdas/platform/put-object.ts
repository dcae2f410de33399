import { PutObjectCommand, type S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import type { PutObject } from '../destinations/ports.ts';
import { forbidden } from './http/address-policy.ts';
import { s3 } from './s3.ts';

/** The S3 destination's way out, to the buckets that the deployment lists. */
export function putObject(writeBuckets: readonly string[], client: S3Client = s3): PutObject {
  return async ({ bucket, key, body, contentType, signal }) => {
    if (!writeBuckets.includes(bucket)) throw forbidden(`s3://${bucket} is not a bucket that may be written to`);
    try {
      const put = new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: contentType });
      await client.send(put, { abortSignal: signal });
      return { stored: true };
    } catch (error) {
      if (signal.aborted) return { notStored: 'no answer in time', mendable: true };
      const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
      // 409 is a conflicting write of the same key, 408 a body that came too slowly.
      const isFinal = status !== undefined && status >= 300 && status < 500 && ![408, 409, 429].includes(status);
      return { notStored: error instanceof Error ? error.name : 'unknown error', mendable: !isFinal };
    }
  };
}
