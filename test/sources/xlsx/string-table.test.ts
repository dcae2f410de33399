import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { stringTable } from '../../../lambdas/sources/xlsx/book/string-table.ts';

const MIB = 1024 * 1024;

test('gives back every text by its number', () => {
  const text = fc.oneof(
    fc.constant(''),
    fc.string({ unit: 'grapheme' }),
    fc.integer({ min: 0, max: MIB }).map((length) => 'ü'.repeat(length / 2)),
  );
  fc.assert(
    fc.property(fc.array(text, { maxLength: 20 }), (texts) => {
      const table = stringTable();
      for (const one of texts) table.add(one);
      expect(table.size).toBe(texts.length);
      expect(texts.map((_, at) => table.textOf(at))).toEqual(texts);
      expect(texts.map((_, at) => table.bytesOf(at))).toEqual(texts.map((one) => Buffer.byteLength(one)));
    }),
    { numRuns: 30 },
  );
});

test('texts that fill a block to its last byte', () => {
  const table = stringTable();
  for (const text of ['x'.repeat(MIB), '', 'y'.repeat(MIB), 'z']) table.add(text);
  expect([0, 1, 2, 3].map((at) => table.textOf(at).slice(0, 1))).toEqual(['x', '', 'y', 'z']);
});

test('has no text of a number that it was not given', () => {
  const table = stringTable();
  table.add('a');
  expect([-1, 1, 0.5, Number.NaN].map((at) => table.bytesOf(at))).toEqual([undefined, undefined, undefined, undefined]);
});

test('a text longer than any row may be is measured, not kept', () => {
  const table = stringTable();
  table.add('x'.repeat(MIB + 1));
  expect(table.bytesOf(0)).toBe(MIB + 1);
});

test('refuses more than 192 MiB', () => {
  const table = stringTable();
  const text = 'x'.repeat(MIB - 8);
  for (let count = 0; count < 192; count++) table.add(text);
  expect(() => table.add('')).toThrow('the XLSX file is beyond a limit: more than 192 MiB of shared strings');
});
