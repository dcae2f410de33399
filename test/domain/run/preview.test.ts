import { expect, test } from '@jest/globals';
import { RunFailure, ThrottledError } from '../../../lambdas/domain/errors.ts';
import { compileMapping } from '../../../lambdas/domain/mapping/compile-mapping.ts';
import type { MappingConfig } from '../../../lambdas/domain/mapping/mapping-config.ts';
import { previewPoints, type Reading } from '../../../lambdas/domain/run/preview.ts';
import { layoutOf } from '../../../lambdas/sources/csv/layout.ts';
import { openCsv } from '../../sources/csv/open-csv.ts';

const { signal } = new AbortController();

function reading(content: string, mapping: MappingConfig = {}): Reading {
  return {
    source: openCsv(content),
    mapRecord: (plan) =>
      compileMapping(mapping, {
        names: layoutOf(plan).columns,
        numberStyle: {},
        wrapperId: 'w',
        version: plan.version,
      }),
  };
}
const rows = (count: number) => Array.from({ length: count }, (_, index) => `${index + 1},x\n`).join('');
const json = ({ points }: { points: readonly { json: string }[] }) =>
  points.map((point) => JSON.parse(point.json).data);

test('gives the first points and no more', async () => {
  const preview = await previewPoints(reading(`id,name\n${rows(20)}`), 3, signal);
  expect(json(preview)).toEqual([1, 2, 3].map((id) => ({ id: String(id), name: 'x' })));
  expect(preview).toMatchObject({ quarantined: [], notes: [], error: null });
});

test('reads on after rows that don’t fit, and gives them with their reason', async () => {
  const mapping: MappingConfig = { fields: [{ from: 'id', type: 'integer' }] };
  const preview = await previewPoints(reading('id,name\nx,y\n1\n2,z\n', mapping), 1, signal);
  expect(json(preview)).toEqual([{ id: 2 }]);
  expect(preview.quarantined).toMatchObject([
    { row: 2, rejected: 'field "id": "x" is not an integer', raw: '{"id":"x","name":"y"}' },
    { row: 3, rejected: 'row 3 has 1 field, the header has 2', raw: '1' },
  ]);
});

test('gives up after a hundred rows that don’t fit', async () => {
  const preview = await previewPoints(reading(`id,name\n1,x\n${'1\n'.repeat(500)}${rows(5)}`), 10, signal);
  expect([preview.points.length, preview.quarantined.length]).toEqual([1, 100]);
});

test('tells how the source is read', async () => {
  const { notes } = await previewPoints(reading('id;name\n1;x\n'), 1, signal);
  expect(notes).toEqual([expect.stringContaining('delimiter ";"')]);
});

test('stops where an answer has no room for more, and says so', async () => {
  const preview = await previewPoints(reading(`id,text\n${`1,${'x'.repeat(400_000)}\n`.repeat(5)}`), 5, signal);
  expect(preview.points).toHaveLength(2);
  expect(preview.notes.at(-1)).toContain('cut here');
});

test('tells what a run would fail with', async () => {
  expect((await previewPoints(reading('id\n'), 5, signal)).error).toContain('No data rows');
  expect((await previewPoints(reading('%PDF-1.7\n'), 5, signal)).error).toContain('the file is not CSV');
});

test('throws what a run would be refused with', async () => {
  const mapping: MappingConfig = { key: ['nr'] };
  await expect(previewPoints(reading('id\n1\n', mapping), 5, signal)).rejects.toBeInstanceOf(RunFailure);
});

test('gives the points that came before, whatever ends the run', async () => {
  const { source, mapRecord } = reading(`id\n${rows(1)}`.replaceAll(',x', ''));
  const breaking: Reading['source'] = {
    prepare: (prepareSignal) => source.prepare(prepareSignal),
    async *read(request) {
      yield* source.read(request);
      throw new RunFailure('refused', 'Forbidden address: 10.0.0.1');
    },
  };
  const preview = await previewPoints({ source: breaking, mapRecord }, 5, signal);
  expect(json(preview)).toEqual([{ id: '1' }]);
  expect(preview.error).toBe('Forbidden address: 10.0.0.1');
});

test('gives the points that came before upstream asked to wait', async () => {
  const { source, mapRecord } = reading('id\n1\n');
  const throttled: Reading['source'] = {
    prepare: (prepareSignal) => source.prepare(prepareSignal),
    async *read(request) {
      yield* source.read(request);
      throw new ThrottledError('the source is busy', 60_000);
    },
  };
  const preview = await previewPoints({ source: throttled, mapRecord }, 5, signal);
  expect(json(preview)).toEqual([{ id: '1' }]);
  expect(preview).toMatchObject({ notes: ['cut here: the source gave no more in time'], error: null });
});
