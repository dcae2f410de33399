import { describe, expect, test } from '@jest/globals';
import { mapBatch } from '../../../lambdas/domain/run/batch.ts';
import type { SourceBatch, SourceRecord } from '../../../lambdas/domain/source.ts';
import { pendingState } from '../../support/executing-state.ts';
import { mapRow } from '../../support/run-world.ts';

const state = pendingState();
const record = (row: number): SourceRecord => ({ row, fields: { names: ['n'], get: () => row } });
const batch = (from: number, to: number): SourceBatch => ({
  from: { row: from },
  to: { row: to },
  records: Array.from({ length: to - from }, (_, index) => record(from + index + 1)),
});
const { signal } = new AbortController();
const idOf = async (source: SourceBatch, of = state) => (await mapBatch(source, mapRow, of, signal)).bounds.batchId;

describe('the id of a batch', () => {
  test('is the same for the same batch, whoever makes it', async () => {
    expect(await idOf(batch(0, 2))).toBe(await idOf(batch(0, 2)));
  });

  test('differs when the batch ends elsewhere, though it starts at the same record', async () => {
    expect(await idOf(batch(0, 2))).not.toBe(await idOf(batch(0, 3)));
  });

  test('differs when its points do', async () => {
    const other = { ...batch(0, 2), records: [record(1), record(7)] };
    expect(await idOf(other)).not.toBe(await idOf(batch(0, 2)));
  });

  test('differs between wrappers, definitions and lineages', async () => {
    const others = [
      { ...state, wrapperId: 'w-2' },
      { ...state, definitionId: 'd-2' },
      { ...state, checkpoint: { ...state.checkpoint, lineage: 2 } },
    ];
    const ids = await Promise.all([state, ...others].map((of) => idOf(batch(0, 2), of)));
    expect(new Set(ids).size).toBe(ids.length);
  });
});

test('rows that do not fit are set aside with the reason and what was read', async () => {
  const records: SourceRecord[] = [record(1), { row: 2, rejected: 'row 2: 3 fields, not 2', raw: 'a,b,c' }, record(3)];
  const misfit = await mapBatch(
    { from: null, to: { row: 3 }, records },
    (fields, row) => (row === 3 ? { rejected: 'field "n": "3" is not a boolean' } : mapRow(fields, row)),
    state,
    signal,
  );
  expect(misfit.points.map(({ id }) => id)).toEqual(['p1']);
  expect(misfit.recordsRead).toBe(3);
  expect(misfit.quarantined).toEqual([
    { row: 2, rejected: 'row 2: 3 fields, not 2', raw: 'a,b,c' },
    { row: 3, rejected: 'field "n": "3" is not a boolean', raw: '{"n":3}', rest: '' },
  ]);
});

test('what is kept of a row is cut to 4 KB', async () => {
  const long: SourceRecord = { row: 1, fields: { names: ['n'], get: () => 'x'.repeat(100_000) } };
  const source = { from: null, to: {}, records: [long] };
  const { quarantined } = await mapBatch(source, () => ({ rejected: 'too long' }), state, signal);
  expect(quarantined[0]?.raw).toHaveLength(4096);
});

test('while a batch is mapped other things go on, and its end is one of them', async () => {
  const stopped = new AbortController();
  const rows: number[] = [];
  const mapped = mapBatch(
    batch(0, 100),
    (fields, row) => {
      rows.push(row);
      return mapRow(fields, row);
    },
    state,
    stopped.signal,
  );
  setImmediate(() => stopped.abort());
  await expect(mapped).rejects.toThrow('aborted');
  expect(rows.length).toBeLessThan(100);
  const { points } = await mapBatch(batch(0, 100), mapRow, state, signal);
  expect(points.map(({ id }) => id)).toEqual(Array.from({ length: 100 }, (_, index) => `p${index + 1}`));
});
