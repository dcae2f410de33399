import { expect, test } from '@jest/globals';
import { InvalidRequestError } from '../../../lambdas/domain/errors.ts';
import { decodeRecordCursor, encodeRecordCursor } from '../../../lambdas/platform/feeds/record-cursor.ts';
import type { RecordPlace } from '../../../lambdas/platform/feeds/record-pages.ts';

const adapters = ['us-earthquakes', 'co-work-zones'];

test.each(['ci40000001', 'https://api.weather.gov/alerts/urn:oid:2.49', 'ü/ 1', null])(
  'a place after the record %p comes back as it was, and does not show',
  (recordId) => {
    const place: RecordPlace = { adapterId: 'co-work-zones', recordId };
    const cursor = String(encodeRecordCursor(place));
    expect(cursor).toMatch(/^[\w-]+$/);
    expect(decodeRecordCursor(cursor, adapters)).toEqual(place);
  },
);

test('the end of a list has none', () => {
  expect(encodeRecordCursor(null)).toBeNull();
});

const hidden = (text: string | Uint8Array) => Buffer.from(text).toString('base64url');

test.each([
  ['nothing hidden', 'co-work-zones'],
  ['no place', hidden('co-work-zones')],
  ['an adapter that is not in the list', hidden('wa-mountain-passes/1')],
  ['bytes that are no text', hidden(Buffer.from([0x63, 0xff, 0x2f]))],
  ['padding', `${hidden('co-work-zones/1')}=`],
  ['an id longer than any', hidden(`co-work-zones/${'x'.repeat(1025)}`)],
  ['an array', hidden('["co-work-zones/1"]')],
])('a cursor with %s is refused by name', (_, cursor) => {
  expect(() => decodeRecordCursor(cursor, adapters)).toThrow(InvalidRequestError);
  expect(() => decodeRecordCursor(cursor, adapters)).toThrow('cursor: is not a cursor of this list');
});
