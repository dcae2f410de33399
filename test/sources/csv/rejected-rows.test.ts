import { expect, test } from '@jest/globals';
import { readBatches, readRecords, readValues } from '../../support/read-source.ts';
import { openCsv } from './open-csv.ts';

const MIB = 1024 * 1024;

test('a ragged row says how many fields it has', async () => {
  expect(await readValues(openCsv('a,b,c\n1,2\n1,2,3,4\n1\n1,2,3\n'))).toEqual([
    'row 2 has 2 fields, the header has 3',
    'row 3 has 4 fields, the header has 3',
    'row 4 has 1 field, the header has 3',
    ['1', '2', '3'],
  ]);
});

test('bytes that the encoding does not have name the field and the byte', async () => {
  const content = Buffer.concat([Buffer.from('id,name\n1,ab'), Buffer.of(0xe9), Buffer.from('c\n2,"é\uFFFD"\n')]);
  expect(await readRecords(openCsv(content))).toEqual([
    { row: 2, rejected: 'row 2, field "name": invalid UTF-8 at byte 3', raw: '1,ab\uFFFDc' },
    {
      row: 3,
      fields: [
        ['id', '2'],
        ['name', 'é\uFFFD'],
      ],
    },
  ]);
});

test.each([
  ['windows-1253', Buffer.from([0x41, 0xaa]), 'invalid WINDOWS-1253 at byte 2'],
  ['shift_jis', Buffer.from([0x83, 0x65, 0x85, 0xbf]), 'invalid SHIFT_JIS at byte 3'],
  ['utf-16le', Buffer.from([0x41, 0x00, 0x42, 0xd8]), 'invalid UTF-16LE at byte 3'],
])('invalid bytes in %s', async (encoding, bytes, reason) => {
  const text = (value: string) => Buffer.from(value, encoding === 'utf-16le' ? 'utf16le' : 'latin1');
  const content = Buffer.concat([text('id,name\n1,'), bytes, text('\n2,ok\n')]);
  expect(await readValues(openCsv(content, { encoding }))).toEqual([`row 2, field "name": ${reason}`, ['2', 'ok']]);
});

test('a file in UTF-16 that ends within a character loses only its last row', async () => {
  const content = Buffer.concat([Buffer.from('\uFEFFa,b\n1,2\n3,4', 'utf16le'), Buffer.of(0x35)]);
  const [batch] = await readBatches(openCsv(content));
  expect(batch?.to).toEqual({ offset: content.length, row: 4 });
  expect(await readValues(openCsv(content))).toEqual([['1', '2'], 'row 3: the file ends within a character']);
});

test('text after a closing quote rejects its row only', async () => {
  const content = 'a,b\n1,"x"y\n2,"x" \n3,"x,\ny"z,"\n4,ok\n';
  expect(await readRecords(openCsv(content))).toEqual([
    { row: 2, rejected: 'row 2, field "b": text after the closing quote', raw: '1,"x"y' },
    { row: 3, rejected: 'row 3, field "b": text after the closing quote', raw: '2,"x" ' },
    { row: 4, rejected: 'row 4, field "b": text after the closing quote', raw: '3,"x,\ny"z,"' },
    {
      row: 6,
      fields: [
        ['a', '4'],
        ['b', 'ok'],
      ],
    },
  ]);
});

test('a quote within an unquoted field is text', async () => {
  expect(await readValues(openCsv('a,b\n5" pipe, "x"\n'))).toEqual([['5" pipe', ' "x"']]);
});

test('a quote that is never closed names the row where it opens, and ends with the file', async () => {
  expect(await readRecords(openCsv('a,b\n1,2\n"x\ny","z\n3,4\n5,6\n'))).toEqual([
    {
      row: 2,
      fields: [
        ['a', '1'],
        ['b', '2'],
      ],
    },
    { row: 3, rejected: 'row 4: the quote that opens here is never closed', raw: '"x\ny","z\n3,4\n5,6' },
  ]);
});

test.each([
  ['short', 10],
  ['longer than is kept', 3 * MIB],
])('… also when what follows is %s', async (_, length) => {
  const content = `a,b\n1,"${'x'.repeat(length)}\n2,3\n`;
  const [record, ...others] = await readRecords(openCsv(content));
  expect(others).toEqual([]);
  expect(record).toMatchObject({ row: 2, rejected: 'row 2: the quote that opens here is never closed' });
});

test('a row of 10 MB is passed over without being kept, and counts its lines', async () => {
  const content = `a,b\n1,2\n"${'0123456789abcde\n'.repeat(640 * 1024)}",x\n3,4\n`;
  const [first, long, last, ...others] = await readRecords(openCsv(content, {}, 10_000));
  expect(first).toMatchObject({ row: 2 });
  expect(long).toEqual({
    row: 3,
    rejected: 'row 3 is longer than 1 MiB',
    raw: `"${'0123456789abcde\n'.repeat(256)}`.slice(0, 4096),
  });
  expect(last).toEqual({
    row: 4 + 640 * 1024,
    fields: [
      ['a', '3'],
      ['b', '4'],
    ],
  });
  expect(others).toEqual([]);
});

test.each([1 * MIB, 1 * MIB + 1])('the limit is the same however the bytes come in (%i bytes)', async (length) => {
  const content = `a\n${'x'.repeat(length - 1)}\nlast\n`;
  const isLong = length > MIB;
  for (const cuts of [64, 700_000, 16 * MIB]) {
    const [record, last] = await readRecords(openCsv(content, {}, cuts));
    expect('rejected' in (record ?? {})).toBe(isLong);
    expect(last).toEqual({ row: 3, fields: [['a', 'last']] });
  }
});

test('the raw text is cut at 4 KB also where characters grow in UTF-8', async () => {
  const content = Buffer.from(`a,b\n${'é'.repeat(5000)}\n`, 'latin1');
  const [record] = await readRecords(openCsv(content, { encoding: 'latin1' }));
  expect(record).toMatchObject({ rejected: 'row 2 has 1 field, the header has 2', raw: 'é'.repeat(2048) });
});
