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
