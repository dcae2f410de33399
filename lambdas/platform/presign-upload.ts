import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { uploadKey } from './files/upload-key.ts';

/** How long an upload may begin after it was asked for. */
export const UPLOAD_SECONDS = 3600;

// A checksum can't be known before the bytes are: without this the SDK would sign one of nothing.
const client = new S3Client({ requestChecksumCalculation: 'WHEN_REQUIRED' });

export type PresignedUpload = {
  readonly url: string;
  readonly method: 'PUT';
  readonly headers: Record<string, string>;
};

/** A PUT of exactly `size` bytes: the length is part of what is signed. */
export async function presignUpload(bucket: string, fileId: string, size: number): Promise<PresignedUpload> {
  const put = new PutObjectCommand({ Bucket: bucket, Key: uploadKey(fileId), ContentLength: size });
  const url = await getSignedUrl(client, put, {
    expiresIn: UPLOAD_SECONDS,
    signableHeaders: new Set(['host', 'content-length']),
  });
  return { url, method: 'PUT', headers: { 'Content-Length': String(size) } };
}
