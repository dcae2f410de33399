import { expect, test } from '@jest/globals';
import { cellReader } from '../../../lambdas/sources/xlsx/sheet/cell-reader.ts';
import { rangedBytes } from '../../../lambdas/sources/xlsx/zip/ranged-bytes.ts';
import { openZip } from '../../../lambdas/sources/xlsx/zip/zip-archive.ts';
import { memoryFile } from '../../support/memory-file.ts';
import { readRecords } from '../../support/read-source.ts';
import { xlsxFile } from '../../support/xlsx-file.ts';
import { zipFile } from '../../support/zip-file.ts';
import { openXlsx } from './open-xlsx.ts';

const MIB = 1024 * 1024;

test('more cells than are allowed are refused at the first of them, in whatever rows they are', () => {
  const cells = cellReader('sheet1.xml', 4);
  const readRow = (row: number) => {
    cells.startRow(row);
    for (const column of ['A', 'B']) {
      cells.open('c', { r: `${column}${row}` });
      cells.close('c');
    }
  };
  readRow(1);
  readRow(2);
  expect(() => readRow(3)).toThrow('the XLSX file is beyond a limit: more than 4 cells');
});

test('parts that are small enough one by one are refused when they inflate to too much together', async () => {
  const { signal } = new AbortController();
  const content = zipFile({ a: Buffer.alloc(2 * MIB, 'a'), b: Buffer.alloc(2 * MIB, 'b') });
  const bytes = rangedBytes(memoryFile(content), { version: 'v1', size: content.length }, signal);
  const archive = await openZip(bytes, signal, 3 * MIB);
  let inflated = 0;
  const inflate = async (name: string) => {
    for await (const chunk of archive.read(name)) inflated += chunk.length;
  };
  await inflate('a');
  await expect(inflate('b')).rejects.toThrow('the XLSX file is beyond a limit: more than 3 MiB inflated');
  expect(inflated).toBeLessThanOrEqual(3 * MIB);
});

test('more formats than any workbook has are refused', async () => {
  const formats = `<cellXfs>${'<xf numFmtId="0"/>'.repeat(131_073)}</cellXfs>`;
  const content = xlsxFile([['a'], [1]], { files: { 'xl/styles.xml': `<styleSheet>${formats}</styleSheet>` } });
  await expect(readRecords(openXlsx(content))).rejects.toThrow(
    'the XLSX file is beyond a limit: more than 131072 formats',
  );
});
