import type { Position, Source, SourceBatch } from '../../lambdas/domain/source.ts';

export type GrowingRecord = { readonly key: string; readonly at: number };

/** A source that grows and keeps a high mark; read again from `lookback` before it, as an API is. */
export type GrowingSource = Source & { readonly records: GrowingRecord[]; throttle: Error | null };

/** Positions are `{mark}`. Everything at or after mark − lookback that is not remembered is new. */
export function growingSource(lookback: number): GrowingSource {
  const source: GrowingSource = {
    records: [],
    throttle: null,
    prepare: async () => ({ version: 'api', notes: [], afterEnd: 'onward', details: {} }),
    async *read({ from, until, batchSize, isRemembered }) {
      if (source.throttle) throw source.throttle;
      const mark = markOf(from);
      const upTo = until ? markOf(until) : Number.POSITIVE_INFINITY;
      const fresh = source.records
        .filter(({ key, at }) => at >= mark - lookback && at <= upTo && !isRemembered?.(key))
        .sort((a, b) => a.at - b.at);
      let at: Position | null = from;
      for (let n = 0; n < fresh.length; n += batchSize) {
        const batch = batchOf(at, fresh.slice(n, n + batchSize), mark);
        yield batch;
        at = batch.to;
      }
    },
  };

  function batchOf(from: Position | null, records: readonly GrowingRecord[], mark: number): SourceBatch {
    const newest = Math.max(mark, markOf(from), ...records.map(({ at }) => at));
    return {
      from,
      to: { mark: newest },
      records: records.map(({ key, at }) => ({
        row: at,
        fields: { names: ['key'], get: (name) => (name === 'key' ? key : undefined) },
      })),
      marks: { phase: 'continuous', high: String(newest), low: null },
      remember: { hashes: records.map(({ key }) => key), newest, forgetBelow: newest - lookback },
    };
  }
  return source;
}

function markOf(position: Position | null): number {
  return position === null ? 0 : Number(position.mark);
}
