import { expect, test } from '@jest/globals';
import { error, formatted, type XlsxCell, xlsxFile } from '../support/xlsx-file.ts';
import { eachOnce } from './support/csv.ts';
import { eventually, unchanged } from './support/eventually.ts';
import { useStack } from './support/use-stack.ts';

const at = useStack();

const header: readonly XlsxCell[] = ['station', 'seen', 'air'];
const rowsOf = (count: number) =>
  Array.from({ length: count }, (_, row): XlsxCell[] => [`station ${row}`, formatted(1, 44_197 + row), row / 10]);

async function wrapperOf(
  rows: readonly (readonly XlsxCell[])[],
  more: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const fileId = await at.api.upload(xlsxFile([header, ...rows], { formats: ['yyyy-mm-dd'] }), 'stations.xlsx');
  return at.api.createCsvWrapper(fileId, { source: { type: 'XLSX', location: { file_id: fileId } }, ...more });
}

test('an uploaded XLSX goes through: every row once, and nothing more the next time', async () => {
  const id = await wrapperOf(rowsOf(1200));
  expect((await at.api.execute(id)).body).toMatchObject({ success: true, data_points_sent: 1200 });
  expect(await at.api.received(id)).toMatchObject(eachOnce(1200));
  expect((await at.api.get(id)).body.checkpoint.position).toEqual({ row: 1202 });
  expect((await at.api.execute(id)).body).toMatchObject({ success: true, data_points_sent: 0 });
});

test('W-20: stopped in the middle and executed again, the sink has each row exactly once', async () => {
  const id = await wrapperOf(rowsOf(2000), { batch_size: 20 });
  await at.api.behave({ latency_ms: 100 });
  await at.api.begin(id);
  await eventually(
    () => at.api.received(id),
    ({ points }) => points >= 60,
  );
  expect((await at.api.stop(id)).body.success).toBe(true);
  const { points } = await at.api.received(id);
  await unchanged(() => at.api.received(id), 2000);
  expect(points).toBeLessThan(2000);
  expect((await at.api.get(id)).body.checkpoint.position).toEqual({ row: points + 2 });
  await at.api.behave({});
  expect((await at.api.execute(id)).body).toMatchObject({ success: true, data_points_sent: 2000 - points });
  expect(await at.api.received(id)).toMatchObject(eachOnce(2000));
});

test('a cell in error quarantines its row when the mapping uses it, and only then', async () => {
  const rows = [...rowsOf(3), ['broken', null, error('#DIV/0!')]];
  const all = await wrapperOf(rows);
  expect((await at.api.execute(all)).body).toMatchObject({ success: true, data_points_sent: 3 });
  const { items } = (await at.api.get(all, '/executions')).body;
  const listed = (await at.api.get(all, `/executions/${items[0].execution_id}/quarantine`)).body;
  expect(listed.items).toMatchObject([{ row: 5, reason: 'cell C5: #DIV/0!' }]);
  const names = await wrapperOf(rows, { mapping: { fields: [{ from: 'station' }] } });
  expect((await at.api.execute(names)).body).toMatchObject({ success: true, data_points_sent: 4 });
});

test('a file that is no XLSX ends the run with what it is', async () => {
  const fileId = await at.api.upload('id,name\n1,Tahoe\n', 'renamed.xlsx');
  const id = await at.api.createCsvWrapper(fileId, { source: { type: 'XLSX', location: { file_id: fileId } } });
  expect(await at.api.execute(id)).toMatchObject({
    status: 200,
    body: {
      success: false,
      message: expect.stringContaining("the XLSX file can't be read: it is no XLSX file, but text"),
    },
  });
});

test('a sheet that is not there is a configuration that cannot work', async () => {
  const fileId = await at.api.upload(xlsxFile([header]), 'stations.xlsx');
  const source = { type: 'XLSX', location: { file_id: fileId }, options: { sheet: 'Data' } };
  const id = await at.api.createCsvWrapper(fileId, { source });
  expect(await at.api.execute(id)).toMatchObject({
    status: 400,
    body: {
      detail:
        'Execution error: Invalid wrapper configuration: source.options.sheet: no sheet "Data" (sheets: "Sheet1")',
    },
  });
});
