import { expect, test } from '@jest/globals';
import { inferCsv } from '../../../lambdas/sources/infer/infer-csv.ts';
import { memoryFile } from '../../support/memory-file.ts';

test('a column of German numbers is one of numbers, and both of its marks are proposed with what speaks for them', async () => {
  const file = memoryFile('ort;menge;preis\nA;1;1.234,50\nB;2;-99,95\nC;3;12,00\n');
  const location = { url: 'https://files.example/data.csv' };
  const { source, mapping, choices } = await inferCsv(location, file, new AbortController().signal);
  expect(source).toMatchObject({ options: { decimal: ',', thousands: '.' } });
  expect(mapping).toMatchObject({ fields: [{ type: 'string' }, { type: 'integer' }, { type: 'number' }] });
  const evidence = '3 numbers such as "1.234,50", none with a decimal point; 1 numbers in groups such as "1.234,50"';
  for (const option of ['decimal', 'thousands']) {
    expect(choices.find(({ path }) => path === `source.options.${option}`)).toMatchObject({ evidence });
  }
});

test('a file with only a header is nothing to learn from', async () => {
  const propose = inferCsv({ file_id: 'f' }, memoryFile('a,b\n'), new AbortController().signal);
  await expect(propose).rejects.toThrow('the file has a header and no rows to learn from');
});

test('a column whose name is longer than a mapping takes leaves all columns under their own names', async () => {
  const long = 't'.repeat(3000);
  const file = memoryFile(`${long},id\n2026-03-03,x1\n2026-03-04,x2\n`);
  const { mapping } = await inferCsv({ file_id: 'f' }, file, new AbortController().signal);
  expect(mapping).toEqual({ key: ['id'] });
});
