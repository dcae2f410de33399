import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { PutObject } from '../destinations/ports.ts';
import { callFailure } from './call-failure.ts';
import { forbidden } from './http/address-policy.ts';
import { s3 } from './s3.ts';

/** The S3 destination's way out, to the buckets that the deployment lists. */
export function putObject(writeBuckets: readonly string[], client: S3Client = s3): PutObject {
  return async ({ bucket, key, body, contentType, signal }) => {
    if (!writeBuckets.includes(bucket))
      throw forbidden(`s3://${bucket} is not a bucket that may be written to (setting writeBuckets)`);
    try {
      const put = new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: contentType });
      await client.send(put, { abortSignal: signal });
      return { stored: true };
    } catch (error) {
      if (signal.aborted) return { notStored: 'no answer in time', mendable: true };
      const { reason, mendable } = callFailure(error);
      return { notStored: reason, mendable };
    }
  };
}
