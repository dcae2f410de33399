import { paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { s3 } from './clients.ts';

/** Of all uploads, by their sizes in the listing: a thousand to a page. */
export async function storedBytes(bucket: string, abortSignal: AbortSignal): Promise<number> {
  let bytes = 0;
  const pages = paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: 'uploads/' }, { abortSignal });
  for await (const { Contents = [] } of pages) for (const { Size = 0 } of Contents) bytes += Size;
  return bytes;
}
