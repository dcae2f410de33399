import { expect, test } from '@jest/globals';
import { adapters } from '../../lambdas/adapters/registry.ts';
import type { Adapter } from '../../lambdas/domain/feeds/adapter.ts';
import { feedVerdict } from '../../lambdas/domain/feeds/feed-verdict.ts';
import { testHealth } from '../support/feeds/test-health.ts';
import { MORNING } from '../support/manual-clock.ts';
import { textOf } from './documents.ts';

/** The rows of a table of these columns, as cells without their marks. */
function rowsOf(file: string, columns: number): readonly string[][] {
  const cells = textOf(file)
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.slice(1, -1).split('|'));
  return cells
    .filter(({ length }) => length === columns)
    .map((row) => row.map((cell) => cell.trim().replaceAll('`', '')));
}

const documented = rowsOf('docs/feeds.md', 10);
const yesOrNo = (value: boolean) => (value ? 'yes' : 'no');

test('docs/feeds.md has every adapter, in the order of the registry, as it is', () => {
  const told = documented.map((row) => [...row.slice(0, 5), ...row.slice(8)]);
  expect(told).toEqual(
    adapters.map((adapter) => [
      adapter.id,
      adapter.jurisdiction,
      adapter.feedType,
      `${adapter.intervalSeconds / 60} min`,
      `${adapter.deadlineSeconds} s`,
      yesOrNo(adapter.mayBeEmpty),
      yesOrNo(adapter.needsSecret),
    ]),
  );
});

/** Of a feed whose last success and last publication were then. */
function verdict(adapter: Adapter, lastSuccess: number, publishedAt: number) {
  const parts = { all: { digest: 'A', records: 1, publishedAt } };
  return feedVerdict(testHealth({ adapterId: adapter.id, lastSuccess, parts }), lastSuccess, adapter, MORNING);
}

test.each(documented.map((row) => [row[0], row] as const))(
  'docs/feeds.md says of %s after how long it is out of date',
  (id, row) => {
    const adapter = adapters.find((registered) => registered.id === id) as Adapter;
    const [stale = 0, down = 0, published = 0] = row
      .slice(5, 8)
      .map((text) => Number(text.replace(' min', '')) * 60_000);
    const after = (ms: number) => verdict(adapter, MORNING - ms, MORNING).status;
    expect([after(stale), after(stale + 1), after(down), after(down + 1)]).toEqual([
      'healthy',
      'stale',
      'stale',
      'down',
    ]);
    const isLive = (age: number) => verdict(adapter, MORNING, MORNING - age).eligible;
    expect([isLive(published - 1), isLive(published)]).toEqual([true, false]);
  },
);
