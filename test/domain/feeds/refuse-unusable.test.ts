import { describe, expect, test } from '@jest/globals';
import type { JsonValue, ParsedPart, ParsedRecord } from '../../../lambdas/domain/feeds/adapter.ts';
import type { FeedRecord } from '../../../lambdas/domain/feeds/feed-record.ts';
import { adapterHealthView } from '../../../lambdas/platform/views/adapter-health-view.ts';
import { recordSourcesView } from '../../../lambdas/platform/views/record-sources-view.ts';
import { recordView } from '../../../lambdas/platform/views/record-view.ts';
import { feedWorld } from '../../support/feeds/feed-world.ts';
import { testAdapter, testRecord } from '../../support/feeds/test-adapter.ts';
import { MORNING } from '../../support/manual-clock.ts';

const MINUTE = 60_000;
const other = testRecord('fine', 'Nothing is wrong with this one');

/** What a poll comes to whose adapter makes this of a part; a good part is beside it. */
async function pollOf(part: Partial<ParsedPart>) {
  const world = feedWorld(
    testAdapter({
      partIds: ['odd', 'good'],
      parse: (_body, { id }) => ({
        publishedAt: MORNING,
        records: [id === 'good' ? testRecord('good', 'In the other part') : other],
        ...(id === 'odd' && part),
      }),
    }),
  );
  world.upstream.published.set('odd', { records: {} }).set('good', { records: {} });
  const { outcome, code } = await world.poll();
  const health = world.store.health();
  return { outcome, code, error: health?.lastError ?? '', health, kept: [...world.store.kept.keys()], world };
}

const withRecord = (record: Partial<ParsedRecord>) =>
  pollOf({ records: [other, { ...testRecord('r-1', 'R'), ...record }] });
const nested = (levels: number): JsonValue =>
  JSON.parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`) as JsonValue;

describe('a record that could not be kept or shown costs its part, which says which one it was', () => {
  test.each<[string, Partial<ParsedRecord>, string]>([
    ['that begins at no time', { startsAt: 1e300 }, 'record r-1: starts_at is no time: 1e+300'],
    ['that begins in microseconds', { startsAt: 1.7e18 }, 'record r-1: starts_at is no time: 1700000000000000000'],
    [
      'that ends in the year 10,000',
      { endsAt: Date.UTC(10_000, 0) },
      'record r-1: ends_at is no time: 253402300800000',
    ],
    ['that ends at no number', { endsAt: Number.NaN }, 'record r-1: ends_at is no time: NaN'],
    ['that begins in words', { startsAt: '2026' as unknown as number }, 'record r-1: starts_at is no time: 2026'],
    ['nested in itself', { properties: { deep: nested(3000) } }, 'record r-1 is nested more than 100 levels deep'],
    ['whose id is empty', { recordId: '' }, 'a record whose id is no text, empty or longer than 1000 bytes'],
    [
      'whose id is long',
      { recordId: 'ü'.repeat(501) },
      'a record whose id is no text, empty or longer than 1000 bytes',
    ],
    ['whose id is broken', { recordId: '\ud800' }, 'a record whose id is no text, empty or longer than 1000 bytes'],
    ['whose id is a number', { recordId: 7 as never }, 'a record whose id is no text, empty or longer than 1000 bytes'],
  ])('%s', async (_name, record, message) => {
    const { outcome, code, error, kept } = await withRecord(record);
    expect([outcome, code, error]).toEqual([
      'partial_success',
      'UPSTREAM_PARTIAL',
      `1 of 2 parts failed: odd: ${message}`,
    ]);
    expect(kept).toEqual(['good']);
  });

  test('that is larger than an item of the store, in bytes', async () => {
    const fits = await withRecord({ title: 'ü'.repeat(130_000) });
    expect(fits.outcome).toBe('success');
    const { error, kept } = await withRecord({ title: '雪'.repeat(100_000) });
    expect(error).toBe('1 of 2 parts failed: odd: record r-1 is larger than 256 KB');
    expect(kept).toEqual(['good']);
  });

  test('and every time that passes can be shown', async () => {
    for (const instant of [Date.UTC(1900, 0), Date.UTC(9999, 11, 31, 23, 59, 59, 999), 0, 0.5]) {
      const { outcome, world } = await withRecord({ startsAt: instant, endsAt: instant });
      expect(outcome).toBe('success');
      expect(recordView(world.store.kept.get('r-1') as FeedRecord).starts_at).toMatch(/^\d{4}-\d\d-\d\dT/);
    }
  });
});

test('a part of more records than can be written is refused', async () => {
  const records = Array.from({ length: 50_001 }, (_, index) => testRecord(`r-${index}`, ''));
  const { error } = await pollOf({ records });
  expect(error).toBe('1 of 2 parts failed: odd: 50001 records from upstream, more than 50000');
});

describe('what an adapter does wrong is told from what upstream does', () => {
  test.each<[string, Partial<ParsedRecord>, RegExp]>([
    [
      'a status of its own',
      { status: 'open' as never },
      /^1 of 2 parts failed: odd: record r-1: status "open" is none of act/,
    ],
    ['a status that only we give', { status: 'closed' }, /record r-1: status "closed" is none of active, inactive, /],
    [
      'a severity of its own',
      { severity: 'Severe' as never },
      /record r-1: severity "Severe" is none of none, minor, /,
    ],
    [
      'what is no JSON',
      { properties: { big: 1n as never } },
      /odd: the adapter failed with TypeError, which is a defect/,
    ],
  ])('%s', async (_name, record, message) => {
    const { outcome, code, error, kept } = await withRecord(record);
    expect([outcome, code]).toEqual(['partial_success', 'INTERNAL_PARTIAL']);
    expect(error).toMatch(message);
    expect(kept).toEqual(['good']);
  });
});

describe('a time of publication', () => {
  test.each([-1e300, 1e300, Number.NaN, Number.NEGATIVE_INFINITY, Date.UTC(10_000, 0)])(
    'that is none (%d) is a fault of its part',
    async (publishedAt) => {
      const { code, error } = await pollOf({ publishedAt });
      expect([code, error]).toEqual([
        'UPSTREAM_PARTIAL',
        `1 of 2 parts failed: odd: upstream was published at no time that there is: ${publishedAt}`,
      ]);
    },
  );

  test('that is to come is not believed: the records are kept, and the feed is not live', async () => {
    const { outcome, error, health, kept, world } = await pollOf({ publishedAt: MORNING + 5 * MINUTE + 1 });
    expect(outcome).toBe('partial_success');
    expect(error).toBe('odd: published at 2026-03-03T10:05:00.001Z, which is to come');
    expect(kept).toEqual(['fine', 'good']);
    const stored = { health, completedCycle: MORNING };
    expect(adapterHealthView(world.adapter, stored, MORNING + MINUTE)).toMatchObject({
      status: 'degraded',
      live_aggregation_eligible: false,
      consecutive_failures: 0,
    });
    const sources = recordSourcesView([world.adapter], new Map([[world.adapter.id, stored]]), MORNING + MINUTE);
    expect(sources.query_coverage.covered).toEqual([]);
    // It is asked for again as a whole, so that it is told as long as it lasts.
    await world.clock.advance(5 * MINUTE);
    world.upstream.asked.splice(0);
    await world.poll();
    expect(world.upstream.asked).toEqual(['odd', 'good (304)']);
    expect(world.store.health()?.outcome).toBe('success');
  });

  test('may be ahead by as much as clocks are', async () => {
    const { outcome, health } = await pollOf({ publishedAt: MORNING + 5 * MINUTE });
    expect(outcome).toBe('success');
    expect(health?.parts.odd?.publishedAt).toBe(MORNING + 5 * MINUTE);
  });
});

describe('two rows of the same id', () => {
  test('are numbered if they differ: none is lost', async () => {
    const rows = [testRecord('a', 'one'), testRecord('b', 'B'), testRecord('a', 'two'), testRecord('a#2', 'its own')];
    const { kept, health, world } = await pollOf({ records: rows });
    expect(kept).toEqual(['a', 'a#3', 'b', 'a#2', 'good']);
    expect(world.store.kept.get('a#3')?.title).toBe('two');
    expect(health?.recordCount).toBe(5);
  });

  test('are one if they say the same', async () => {
    const { kept, health } = await pollOf({ records: [other, testRecord('a', 'A'), testRecord('a', 'A')] });
    expect(kept).toEqual(['fine', 'a', 'good']);
    expect(health?.recordCount).toBe(3);
  });
});
