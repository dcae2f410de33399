import type { FeedHealth } from '../../../lambdas/domain/feeds/feed-health.ts';
import type { FeedRecord } from '../../../lambdas/domain/feeds/feed-record.ts';
import type { CompletedCycles, FeedHealths, FeedRecords } from '../../../lambdas/domain/feeds/feed-store.ts';
import { soundWire, type Wire } from '../wire.ts';

type Stores = { readonly healths: FeedHealths; readonly cycles: CompletedCycles; readonly records: FeedRecords };

export type MemoryFeedStore = Stores & {
  /** Every health that was stored, in order. */
  readonly written: readonly FeedHealth[];
  /** Puts a health as it is, or removes it. */
  place(adapterId: string, health: FeedHealth | null): void;
  /** By id of the record. */
  readonly kept: ReadonlyMap<string, FeedRecord>;
  health(adapterId?: string): FeedHealth | null;
  /** The same store as seen from one function, over its own wire. */
  over(wire: Wire): Stores;
};

/** What is kept of feeds, in memory, under the conditions of the real store. */
export function memoryFeedStore(): MemoryFeedStore {
  const healths = new Map<string, FeedHealth>();
  const cycles = new Map<string, number>();
  const kept = new Map<string, FeedRecord>();
  const written: FeedHealth[] = [];
  const replace = (next: FeedHealth) => {
    if ((healths.get(next.adapterId)?.revision ?? 0) !== next.revision - 1) return false;
    healths.set(next.adapterId, structuredClone(next));
    written.push(structuredClone(next));
    return true;
  };
  const put = (record: FeedRecord) => {
    if ((kept.get(record.recordId)?.cycle ?? 0) <= record.cycle) kept.set(record.recordId, structuredClone(record));
  };
  const close: FeedRecords['close'] = async ({ recordId, ...closing }) => {
    const record = kept.get(recordId);
    if (record !== undefined && record.cycle <= closing.cycle) {
      kept.set(recordId, { ...record, ...closing, status: 'closed' });
    }
  };
  const over = (wire: Wire): Stores => ({
    healths: {
      all: () => wire('healths.all', () => structuredClone([...healths.values()])),
      get: (id) => wire('healths.get', () => structuredClone(healths.get(id) ?? null)),
      replace: (next) => wire('healths.replace', () => replace(next)),
    },
    cycles: {
      all: () => wire('cycles.all', () => new Map(cycles)),
      get: (id) => wire('cycles.get', () => cycles.get(id) ?? null),
      record: (id, cycle) => wire('cycles.record', () => void cycles.set(id, Math.max(cycle, cycles.get(id) ?? cycle))),
    },
    records: {
      known: (adapterId) =>
        wire('records.known', () => structuredClone([...kept.values()].filter((one) => one.adapterId === adapterId))),
      put: (record) => wire('records.put', () => put(record)),
      close: (record) => wire('records.close', () => close(record)),
    },
  });
  return {
    ...over(soundWire),
    written,
    kept,
    place: (id, health) => void (health === null ? healths.delete(id) : healths.set(id, health)),
    health: (id = 'test-feed') => healths.get(id) ?? null,
    over,
  };
}
