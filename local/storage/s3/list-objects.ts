import type { ObjectStore } from './object-store.ts';
import { notImplemented, S3Error } from './s3-error.ts';
import type { S3Request } from './s3-request.ts';
import { element, xmlDocument } from './xml.ts';

const MOST_KEYS = 1000;

/** ListObjectsV2: keys by prefix, folded at a delimiter, in pages. */
export function listObjects(store: ObjectStore, { bucket, query }: S3Request): string {
  if (query['list-type'] !== '2') throw notImplemented('ListObjects (version 1)');
  if (query['encoding-type'] !== undefined) throw notImplemented('encoding-type');
  const { prefix = '', delimiter = '' } = query;
  const limit = Math.min(MOST_KEYS, pageSize(query['max-keys']));
  const after = startOf(query);
  const found = foldedKeys(store.keys(), prefix, delimiter).filter((entry) => isAfter(entry, after));
  const page = found.slice(0, limit);
  const last = page.at(-1);
  const more = found.length > page.length && last !== undefined;
  const entries = page.map((entry) =>
    entry.endsWith(delimiter) && delimiter !== '' && store.find(entry) === undefined
      ? element('CommonPrefixes', [element('Prefix', entry)])
      : contents(store, entry),
  );
  return xmlDocument('ListBucketResult', [
    element('Name', bucket),
    element('Prefix', prefix),
    ...(delimiter === '' ? [] : [element('Delimiter', delimiter)]),
    element('KeyCount', String(page.length)),
    element('MaxKeys', String(limit)),
    element('IsTruncated', String(more)),
    ...(more ? [element('NextContinuationToken', Buffer.from(last).toString('base64url'))] : []),
    ...entries,
  ]);
}

function pageSize(text: string | undefined): number {
  if (text === undefined) return MOST_KEYS;
  if (!/^\d{1,9}$/.test(text)) throw new S3Error(400, 'InvalidArgument', 'max-keys must be a whole number');
  return Number(text);
}

function startOf(query: S3Request['query']): string {
  const token = query['continuation-token'];
  return token === undefined ? (query['start-after'] ?? '') : Buffer.from(token, 'base64url').toString();
}

/** Keys and, in place of all keys below one, common prefixes; each once, in order. */
function foldedKeys(keys: readonly string[], prefix: string, delimiter: string): readonly string[] {
  const folded = new Set<string>();
  for (const key of keys) {
    if (!key.startsWith(prefix)) continue;
    const cut = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    folded.add(cut < 0 ? key : key.slice(0, cut + delimiter.length));
  }
  return [...folded];
}

function isAfter(key: string, after: string): boolean {
  return Buffer.compare(Buffer.from(key), Buffer.from(after)) > 0;
}

function contents(store: ObjectStore, key: string): string {
  const object = store.find(key);
  if (object === undefined) return '';
  return element('Contents', [
    element('Key', key),
    element('LastModified', object.lastModified),
    element('ETag', object.etag),
    element('Size', String(object.size)),
    element('StorageClass', 'STANDARD'),
  ]);
}
