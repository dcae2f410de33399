import { describe, expect, test } from '@jest/globals';
import type { ReadingPlan, Source, SourceBatch } from '../../lambdas/domain/source.ts';
import { type PlainRecord, plain, readBatches } from './read-source.ts';

export type SourceSample = {
  /** A new source over the same content: positions must not live in it. */
  readonly open: () => Source;
  /** At least six records, among them at least one that is rejected, with its row. */
  readonly records: readonly PlainRecord[];
};

/** What every kind of source promises (`lambdas/domain/source.ts`). */
export function itBehavesLikeASource(name: string, sample: SourceSample): void {
  const { open, records } = sample;
  const { signal } = new AbortController();
  const flat = (batches: readonly SourceBatch[]) => batches.flatMap((batch) => batch.records.map(plain));
  const comparable = (batch: SourceBatch) => ({ ...batch, records: batch.records.map(plain) });

  describe(`${name} behaves like a source`, () => {
    test('gives every record once and in order, whatever the batch size', async () => {
      for (let batchSize = 1; batchSize <= records.length + 1; batchSize++) {
        const batches = await readBatches(open(), { batchSize });
        expect(flat(batches)).toEqual(records);
        expect(batches.slice(0, -1).map((batch) => batch.records.length)).toEqual(
          batches.slice(0, -1).map(() => batchSize),
        );
      }
    });

    test('batches join without a gap, from the beginning on', async () => {
      const batches = await readBatches(open(), { batchSize: 2 });
      expect(batches.map((batch) => batch.from)).toEqual([null, ...batches.slice(0, -1).map((batch) => batch.to)]);
    });

    test('resumes from the position of any batch, in a fresh instance, by the pinned plan', async () => {
      const plan = await open().prepare(signal);
      const batches = await readBatches(open(), { batchSize: 2, plan });
      expect(batches.length).toBeGreaterThan(2);
      for (const [index, batch] of batches.entries()) {
        const rest = await readBatches(open(), { batchSize: 3, plan: stored(plan), from: stored(batch.to) });
        expect(flat(rest)).toEqual(flat(batches.slice(index + 1)));
      }
    });

    test('gives the same batch for the same position', async () => {
      const plan = await open().prepare(signal);
      const batches = await readBatches(open(), { batchSize: 2, plan });
      for (const batch of batches) {
        const [again] = await readBatches(open(), { batchSize: 2, plan, from: batch.from });
        expect(again && comparable(again)).toEqual(comparable(batch));
      }
    });

    test('re-reads exactly one batch up to a given end, whatever the batch size', async () => {
      const plan = await open().prepare(signal);
      const batches = await readBatches(open(), { batchSize: 3, plan });
      for (const batch of batches) {
        const again = await readBatches(open(), { batchSize: 1, plan, from: batch.from, until: batch.to });
        expect(again.map(comparable)).toEqual([comparable(batch)]);
      }
    });

    test('has nothing more after the last position', async () => {
      const plan = await open().prepare(signal);
      const last = (await readBatches(open(), { plan })).at(-1) as SourceBatch;
      expect(await readBatches(open(), { plan, from: last.to })).toEqual([]);
    });

    test('rejects bad input with its row and reason, and goes on', async () => {
      const rejected = flat(await readBatches(open())).filter((record) => 'rejected' in record);
      expect(rejected.length).toBeGreaterThan(0);
      for (const record of rejected) {
        expect(record.rejected).toContain(`row ${record.row}`);
        expect(record.raw).not.toBe('');
      }
    });

    test('keeps positions within 1 KB of JSON', async () => {
      for (const { to } of await readBatches(open(), { batchSize: 1 })) {
        expect(JSON.stringify(to).length).toBeLessThanOrEqual(1024);
      }
    });

    test('ends with the signal', async () => {
      const plan = await open().prepare(signal);
      const request = { plan, from: null, batchSize: 1, signal: AbortSignal.abort() };
      await expect(Array.fromAsync(open().read(request))).rejects.toThrow(/abort/i);
    });
  });
}

/** As a store gives it back. */
function stored<T extends ReadingPlan | SourceBatch['to']>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
