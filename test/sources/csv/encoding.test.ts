import { expect, test } from '@jest/globals';
import { readValues } from '../../support/read-source.ts';
import { openCsv } from './open-csv.ts';

const { signal } = new AbortController();
const swapped = (text: string) => Buffer.from(text, 'utf16le').swap16();

test.each<[string, string | undefined, Buffer, string]>([
  ['UTF-8', undefined, Buffer.from('a,b\né😀,語\n'), 'é😀|語'],
  ['UTF-8 with BOM', undefined, Buffer.from('\uFEFFa,b\né,ü\n'), 'é|ü'],
  ['UTF-16LE by its BOM', undefined, Buffer.from('\uFEFFa,b\né😀,語\n', 'utf16le'), 'é😀|語'],
  ['UTF-16BE by its BOM', undefined, swapped('\uFEFFa,b\né😀,語\n'), 'é😀|語'],
  ['UTF-16LE by option', 'utf-16le', Buffer.from('a,b\né,語\n', 'utf16le'), 'é|語'],
  ['UTF-16BE by option', 'UTF-16BE', swapped('a,b\né,語\n'), 'é|語'],
  ['ISO-8859-1', 'iso-8859-1', Buffer.from('a,b\né,©\n', 'latin1'), 'é|©'],
  ['Windows-1252', 'windows-1252', Buffer.from('a,b\n\x80,\x93x\x94\n', 'latin1'), '€|“x”'],
  ['KOI8-R', 'koi8-r', Buffer.from('a,b\n\xd0\xd2\xc9,x\n', 'latin1'), 'при|x'],
  [
    'Shift_JIS, where a character may end in a backslash',
    'shift_jis',
    Buffer.from('a,b\n"\x83\x5c",\xb1\n', 'latin1'),
    'ソ|ｱ',
  ],
  ['GB18030 with four bytes', 'gb18030', Buffer.from('a,b\n\x81\x30\x81\x34,\xc4\xe3\n', 'latin1'), '\u0084|你'],
])('reads %s', async (_, encoding, content, expected) => {
  const options = { ...(encoding === undefined ? {} : { encoding }), escape: '\\' };
  const [values] = await readValues(openCsv(content, options));
  expect(values).toEqual(expected.split('|'));
});

test('a byte order mark beats the option, and says so', async () => {
  const plan = await openCsv(Buffer.from('\uFEFFa\n1\n', 'utf16le'), { encoding: 'latin1' }).prepare(signal);
  expect(plan.details.encoding).toBe('utf-16le');
  expect(plan.notes).toEqual([
    'encoding utf-16le, by its byte order mark',
    'encoding latin1 not used: the byte order mark says utf-16le',
  ]);
});

test('a delimiter beyond ASCII works where it is a single unit', async () => {
  const latin1 = openCsv(Buffer.from('a\xffb\n1\xff2\n', 'latin1'), { encoding: 'latin1', delimiter: 'ÿ' });
  expect(await readValues(latin1)).toEqual([['1', '2']]);
  const utf16 = openCsv(Buffer.from('\uFEFFa→b\n1→2\n', 'utf16le'), { delimiter: '→' });
  expect(await readValues(utf16)).toEqual([['1', '2']]);
});

test.each([
  ['little', Buffer.from('a,b\n1,2\n', 'utf16le')],
  ['big', swapped('a\n')],
])('UTF-16 of a few characters without a mark, %s endian, is not taken for another text', async (_, content) => {
  await expect(openCsv(content).prepare(signal)).rejects.toThrow(
    'the file is not CSV: it is binary, or UTF-16 without a byte order mark (set source.options.encoding)',
  );
});

test.each([
  ['utf-16', 'utf-16le', Buffer.from('id,name\n1,a\n2,b\n')],
  ['utf-16be', 'utf-16be', Buffer.from('id,name\r\n1,a\r\n')],
  ['utf-16be', 'utf-16be', Buffer.from('id,name\n1,a\n', 'utf16le')],
  ['utf-16le', 'utf-16le', swapped('id,name\n1,a\n')],
])(
  'a file that is not in the encoding %s that its option says is refused by that name',
  async (encoding, name, content) => {
    await expect(openCsv(content, { encoding }).prepare(signal)).rejects.toThrow(
      `the file is not ${name}, as source.options.encoding says: its rows do not end as they do in that encoding`,
    );
  },
);
