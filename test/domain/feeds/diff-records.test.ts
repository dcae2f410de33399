import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { diffRecords, type RecordChanges } from '../../../lambdas/domain/feeds/diff-records.ts';
import type { KnownRecord } from '../../../lambdas/domain/feeds/feed-store.ts';
import { testRecord } from '../../support/feeds/test-adapter.ts';

type Titles = Readonly<Record<string, string>>;
const part = (titles: Titles, partId = 'all') => {
  return { partId, records: Object.entries(titles).map(([id, title]) => testRecord(id, title)) };
};

/** What is known once these changes are written. */
function knownAfter(known: readonly KnownRecord[], { changed, gone }: RecordChanges): KnownRecord[] {
  const written = changed.map(({ recordId, partId, digest, status, aliases }) => ({
    recordId,
    partId,
    digest,
    status,
    aliases,
  }));
  const ids = new Set(written.map(({ recordId }) => recordId));
  const kept = known.filter(({ recordId }) => !ids.has(recordId));
  return [
    ...kept.map((one) => (gone.includes(one.recordId) ? { ...one, status: 'closed' as const } : one)),
    ...written,
  ];
}

const knownOf = (titles: Titles, partId?: string) => knownAfter([], diffRecords([part(titles, partId)], []));
const idsOf = ({ changed, gone }: RecordChanges) => [changed.map(({ recordId }) => recordId), gone];

describe('what is written', () => {
  test('is new, different or gone; the rest is left alone', () => {
    const known = knownOf({ same: '1', other: '1', gone: '1' });
    expect(idsOf(diffRecords([part({ new: '1', same: '1', other: '2' })], known))).toEqual([
      ['new', 'other'],
      ['gone'],
    ]);
  });

  test('is nothing of parts that have not changed', () => {
    const known = [...knownOf({ a: '1' }, 'd-1'), ...knownOf({ b: '1' }, 'd-2')];
    expect(idsOf(diffRecords([part({}, 'd-1')], known))).toEqual([[], ['a']]);
  });

  test('is a closed record that is back, and never one that is closed already', () => {
    const known = knownAfter(knownOf({ a: '1', b: '1' }), diffRecords([part({ b: '1' })], knownOf({ a: '1', b: '1' })));
    expect(idsOf(diffRecords([part({ b: '1' })], known))).toEqual([[], []]);
    expect(idsOf(diffRecords([part({ a: '1', b: '1' })], known))).toEqual([['a'], []]);
  });

  test('is a record that has moved from one part to another, once', () => {
    const known = knownOf({ a: '1' }, 'd-1');
    expect(idsOf(diffRecords([part({}, 'd-1'), part({ a: '1' }, 'd-2')], known))).toEqual([['a'], []]);
  });

  test('is the first of two records with the same id', () => {
    const twice = { partId: 'all', records: [testRecord('a', 'first'), testRecord('a', 'second')] };
    const { changed } = diffRecords([twice], []);
    expect(changed.map(({ title }) => title)).toEqual(['first']);
  });
});

describe('a record that upstream calls by another name', () => {
  test('keeps the id it has here, then and from then on', () => {
    const known = knownOf({ 'a=x': '1' });
    const renamed = diffRecords([part({ 'b=a': '1' })], known);
    expect(idsOf(renamed)).toEqual([['a'], []]);
    expect(renamed.changed[0]?.aliases).toEqual(['b']);
    expect(idsOf(diffRecords([part({ 'b=a': '1' })], knownAfter(known, renamed)))).toEqual([[], []]);
    expect(idsOf(diffRecords([part({ b: '2' })], knownAfter(known, renamed)))).toEqual([['a'], []]);
  });

  test('is not taken for another that is renamed at the same time, in whatever order they come', () => {
    // Known here as p and q, which upstream calls x and y by now; it names them as it did, and each as related to the other.
    const known = knownOf({ 'p=x': 'P', 'q=y': 'Q' });
    for (const titles of [
      { 'x=q': 'P2', 'y=p': 'Q2' },
      { 'y=p': 'Q2', 'x=q': 'P2' },
    ]) {
      const { changed, gone } = diffRecords([part(titles)], known);
      expect(Object.fromEntries(changed.map(({ recordId, title }) => [recordId, title]))).toEqual({ p: 'P2', q: 'Q2' });
      expect(gone).toEqual([]);
    }
    // One that is the same as before goes before one that is only said to be.
    const { changed, gone } = diffRecords([part({ 'new=p': 'N', x: 'P2', y: 'Q' })], known);
    expect(Object.fromEntries(changed.map(({ recordId, title }) => [recordId, title]))).toMatchObject({
      new: 'N',
      p: 'P2',
    });
    expect(gone).toEqual([]);
  });

  test('is another one where upstream still has the first', () => {
    const known = knownOf({ a: '1' });
    expect(idsOf(diffRecords([part({ a: '1', 'b=a': '1' })], known))).toEqual([['b'], []]);
  });

  test('is one of two that were merged; the other is gone', () => {
    const known = knownOf({ a: '1', b: '1' });
    expect(idsOf(diffRecords([part({ 'c=a=b': '1' })], known))).toEqual([['a'], ['b']]);
  });
});

test('once everything is written, nothing is left to write, whatever was renamed and merged before', () => {
  const anyNames = fc.constantFrom('a', 'b', 'b=a', 'c', 'd=c=a', 'e=b', '__proto__');
  // No two things that are there at the same time have a name in common.
  const anyFeed = fc
    .uniqueArray(anyNames, { selector: (names) => names })
    .filter((all) => new Set(all.join('=').split('=')).size === all.join('=').split('=').length)
    .chain((all) => fc.record(Object.fromEntries(all.map((names) => [names, fc.constantFrom('1', '2')]))));
  fc.assert(
    fc.property(fc.array(anyFeed, { maxLength: 5 }), (feeds) => {
      let known: KnownRecord[] = [];
      for (const feed of feeds) {
        known = knownAfter(known, diffRecords([part(feed)], known));
        expect(idsOf(diffRecords([part(feed)], known))).toEqual([[], []]);
        const open = known.filter(({ status }) => status !== 'closed');
        expect(open).toHaveLength(Object.keys(feed).length);
      }
    }),
    { numRuns: 500 },
  );
});
