import { expect, test } from '@jest/globals';
import type { Members } from '../../lambdas/adapters/members-of.ts';
import { readRows } from '../../lambdas/adapters/read-rows.ts';
import { testRecord } from '../support/feeds/test-adapter.ts';

const read = ({ id, problem }: Members) => {
  if (typeof id !== 'string') return null;
  const record = testRecord(id, 'A record');
  return typeof problem === 'string' ? { ...record, status: 'unknown' as const, properties: { problem } } : record;
};
const good = ['a', 'b', 'c'].map((id) => ({ id }));

test.each([
  ['none', {}],
  ['an empty one', { id: '' }],
  ['one that is too long', { id: 'é'.repeat(501) }],
  ['half of a character', { id: 'x\ud800' }],
])('a row with an id that is %s costs no other', (_, odd) => {
  const { records, unreadRows } = readRows([odd, ...good], read);
  expect([records.map(({ recordId }) => recordId), unreadRows]).toEqual([['a', 'b', 'c'], 1]);
});

test('half of the rows may be odd; when more are, the first that says why is quoted', () => {
  const odd = [{}, { id: 'd', problem: 'time: is none' }, { id: 'e', problem: 'x: is odd' }];
  expect(readRows([...good, ...odd], read)).toMatchObject({ unreadRows: 1, records: { length: 5 } });
  expect(() => readRows([...good, ...odd, null], read)).toThrow(
    '4 of 7 rows from upstream are not understood: time: is none',
  );
});
