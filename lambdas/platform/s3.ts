import { S3Client } from '@aws-sdk/client-s3';

/**
 * One client for reading and writing files. Sockets are given up long before a slice is; checksums of whole objects
 * are left out, for files are read in parts and TLS guards the way.
 */
export const s3 = new S3Client({
  maxAttempts: 3,
  responseChecksumValidation: 'WHEN_REQUIRED',
  requestHandler: {
    connectionTimeout: 3_000,
    requestTimeout: 8_000,
    throwOnRequestTimeout: true,
    socketTimeout: 20_000,
  },
});
