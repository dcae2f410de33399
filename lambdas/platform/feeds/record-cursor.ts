import { InvalidRequestError } from '../../domain/errors.ts';
import { encodeCursor, LONGEST_SORT_KEY } from '../dynamo.ts';
import type { RecordPlace } from './record-pages.ts';

/* `adapter/record` hidden in text, `adapter/` before its first record: no adapter's id has a slash, and no record's id
   is empty. */

/** Null at the end of the list. */
export function encodeRecordCursor(place: RecordPlace | null): string | null {
  return encodeCursor(place === null ? undefined : `${place.adapterId}/${place.recordId ?? ''}`);
}

/** @throws InvalidRequestError unless it is a cursor of a list of these adapters. */
export function decodeRecordCursor(cursor: string, adapters: readonly string[]): RecordPlace {
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  const slash = text.indexOf('/');
  const place = { adapterId: text.slice(0, slash), recordId: text.slice(slash + 1) || null };
  const isKey = Buffer.byteLength(place.recordId ?? '') <= LONGEST_SORT_KEY;
  if (!isKey || !adapters.includes(place.adapterId) || encodeRecordCursor(place) !== cursor) {
    const issue = { path: 'cursor', message: 'is not a cursor of this list' };
    throw new InvalidRequestError(`Invalid parameter: ${issue.path}: ${issue.message}`, [issue]);
  }
  return place;
}
