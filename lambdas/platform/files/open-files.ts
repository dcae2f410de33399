import type { S3Client } from '@aws-sdk/client-s3';
import type { Clock } from '../../domain/clock.ts';
import type { OpenFile } from '../../domain/file.ts';
import { forbidden } from '../http/address-policy.ts';
import type { GuardedClient } from '../http/guarded-client.ts';
import { s3 as sharedClient } from '../s3.ts';
import { systemClock } from '../system-clock.ts';
import type { RangeSource } from './range-source.ts';
import { remoteFile } from './remote-file.ts';
import { type ObjectAddress, s3File } from './s3-file.ts';
import { uploadKey } from './upload-key.ts';
import { urlFile } from './url-file.ts';

export type FilesOptions = {
  /** The way to files behind an address. */
  readonly client: GuardedClient;
  /** The bucket that uploads go to. */
  readonly uploads: string;
  /** Buckets that `s3://` locations may name. */
  readonly readBuckets: readonly string[];
  readonly s3?: S3Client;
  readonly clock?: Clock;
};

/** Opens files wherever they are. A bucket that is not listed is told only when the file is used, as is all else. */
export function openFiles({
  client,
  uploads,
  readBuckets,
  s3 = sharedClient,
  clock = systemClock,
}: FilesOptions): OpenFile {
  return (location) => {
    if ('url' in location) return remoteFile(urlFile(client, location.url, clock.now), clock);
    if ('file_id' in location) {
      return remoteFile(s3File(s3, { bucket: uploads, key: uploadKey(location.file_id) }), clock);
    }
    const address = objectAddress(location.s3);
    const isListed = readBuckets.includes(address.bucket);
    return remoteFile(isListed ? s3File(s3, address) : forbiddenFile(address), clock);
  };
}

function objectAddress(location: string): ObjectAddress {
  const [, bucket = '', key = ''] = /^s3:\/\/([^/]+)\/(.+)$/s.exec(location) ?? [];
  return { bucket, key };
}

function forbiddenFile({ bucket }: ObjectAddress): RangeSource {
  const refuse = async () => {
    throw forbidden(`s3://${bucket} is not a bucket that may be read (setting readBuckets)`);
  };
  return { stat: refuse, open: refuse };
}
