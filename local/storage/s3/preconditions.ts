import type { StoredObject } from './object-store.ts';
import { S3Error } from './s3-error.ts';
import type { S3Request } from './s3-request.ts';

/** `If-None-Match: *` and `If-Match` of a PUT, against what is stored now. Throws `S3Error`. */
export function admitWrite({ headers }: S3Request, present: StoredObject | undefined): void {
  const match = headers['if-match'];
  const noneMatch = headers['if-none-match'];
  if (match !== undefined && present === undefined) throw noSuchKey();
  if (match !== undefined && !lists(match, present?.etag)) throw failed('If-Match');
  if (noneMatch !== undefined && lists(noneMatch, present?.etag)) throw failed('If-None-Match');
}

/** The conditions of a GET or HEAD; `not modified` is an answer without a body. Throws `S3Error`. */
export function admitRead({ headers }: S3Request, object: StoredObject): 'send' | 'not modified' {
  const match = headers['if-match'];
  const noneMatch = headers['if-none-match'];
  if (match !== undefined) {
    if (!lists(match, object.etag)) throw failed('If-Match');
  } else if (changedSince(object, headers['if-unmodified-since']) === true) {
    throw failed('If-Unmodified-Since');
  }
  if (noneMatch !== undefined) return lists(noneMatch, object.etag) ? 'not modified' : 'send';
  return changedSince(object, headers['if-modified-since']) === false ? 'not modified' : 'send';
}

export function noSuchKey(): S3Error {
  return new S3Error(404, 'NoSuchKey', 'The specified key does not exist.');
}

function lists(header: string, etag: string | undefined): boolean {
  if (etag === undefined) return false;
  const bare = etag.replaceAll('"', '');
  return header.split(',').some((entry) => ['*', bare].includes(entry.trim().replaceAll('"', '')));
}

/** Undefined when the header says no instant. HTTP dates have whole seconds. */
function changedSince(object: StoredObject, header: string | undefined): boolean | undefined {
  const since = Date.parse(header ?? '');
  if (Number.isNaN(since)) return undefined;
  return Math.floor(Date.parse(object.lastModified) / 1000) > Math.floor(since / 1000);
}

function failed(header: string): S3Error {
  return new S3Error(
    412,
    'PreconditionFailed',
    `At least one of the pre-conditions you specified did not hold: ${header}`,
  );
}
