import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { readRecords } from '../../support/read-source.ts';
import { type XlsxCell, xlsxFile } from '../../support/xlsx-file.ts';
import { zipFile } from '../../support/zip-file.ts';
import { openXlsx } from './open-xlsx.ts';

const table: readonly (readonly XlsxCell[])[] = [
  ['id', 'name'],
  ...Array.from({ length: 50 }, (_, at) => [at, `name ${at}`]),
];
const MIB = 1024 * 1024;
const bytes = (text: string) => Buffer.from(text, 'latin1');

async function failureOf(content: Uint8Array): Promise<unknown> {
  return readRecords(openXlsx(content)).then(
    () => 'read',
    (error) => ({ name: error.name, kind: error.kind, message: error.message }),
  );
}

const unreadable = (why: string) => ({
  name: 'RunFailure',
  kind: 'failed',
  message: `the XLSX file can't be read: ${why}`,
});
const beyond = (why: string) => ({
  name: 'RunFailure',
  kind: 'failed',
  message: `the XLSX file is beyond a limit: ${why}`,
});

/** An OLE container whose directory has an entry of this name. */
function oleFile(name: string): Buffer {
  const file = Buffer.alloc(2048);
  bytes('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1').copy(file);
  file.writeUInt16LE(9, 30);
  file.writeUInt32LE(1, 48);
  Buffer.from(name, 'utf16le').copy(file, 1024 + 128);
  return file;
}

test.each([
  ['nothing', bytes(''), 'it is empty'],
  ['text', bytes('id,name\n1,Tahoe\n'), 'it is no XLSX file, but text'],
  ['a web page', bytes('<!DOCTYPE html><title>Log in</title>'), 'it is a web page (HTML)'],
  ['a PDF', bytes('%PDF-1.7\n'), 'it is a PDF file'],
  ['an old XLS', oleFile('Workbook'), 'it is an old Excel (XLS) file: save it as XLSX'],
  [
    'a locked file',
    oleFile('EncryptedPackage'),
    'it is protected by a password: remove the password and upload it again',
  ],
  ['the beginning of OLE', oleFile('Workbook').subarray(0, 20), 'it is an old Excel (XLS) file: save it as XLSX'],
  ['a ZIP', zipFile({ 'a.txt': 'a' }), 'it is a ZIP file without a workbook'],
  [
    'an ODS',
    zipFile({ 'content.xml': '<a/>', 'META-INF/manifest.xml': '<a/>' }),
    'it is an OpenDocument file (ODS): save it as XLSX',
  ],
  ['no sheets', xlsxFile([], { sheets: [] }), 'it has no sheets'],
  [
    'a missing sheet',
    xlsxFile(table, { files: { 'xl/worksheets/sheet1.xml': null } }),
    'xl/worksheets/sheet1.xml is missing',
  ],
  [
    'a document',
    xlsxFile(table, { files: { 'xl/workbook.xml': '<document/>' } }),
    'xl/workbook.xml is no workbook, but a document',
  ],
])('%s fails with what it is', async (_, content, why) => {
  expect(await failureOf(content)).toEqual(unreadable(why));
});

test('a binary workbook fails with what it is', async () => {
  const rels = '<Relationships><Relationship Id="a" Type="x/officeDocument" Target="xl/workbook.bin"/></Relationships>';
  expect(await failureOf(xlsxFile(table, { files: { '_rels/.rels': rels } }))).toEqual(
    unreadable('it is a binary workbook (XLSB): save it as XLSX'),
  );
});

test.each([
  ['unclosed', '<worksheet><sheetData><row r="1">', /sheet1\.xml is not well-formed: unclosed tag/],
  [
    'an entity of its own',
    '<!DOCTYPE a [<!ENTITY x "y">]><worksheet>&x;</worksheet>',
    /is not well-formed: undefined entity/,
  ],
  [
    'rows in disorder',
    '<worksheet><sheetData><row r="2"/><row r="1"/></sheetData></worksheet>',
    /has "1" as the number of the row after row 2/,
  ],
  ['a row that is no number', '<worksheet><sheetData><row r="x"/></sheetData></worksheet>', /has "x" as the number/],
  [
    'a row beyond the last',
    '<worksheet><sheetData><row r="1048577"/></sheetData></worksheet>',
    /has "1048577" as the number/,
  ],
  [
    'a column beyond the last',
    '<worksheet><sheetData><row r="1"><c r="XFE1"/></row></sheetData></worksheet>',
    /row 1: "XFE1" is no cell/,
  ],
  [
    'a cell without letters',
    '<worksheet><sheetData><row r="1"><c r="1"/></row></sheetData></worksheet>',
    /row 1: "1" is no cell/,
  ],
  [
    'the same cell for ever',
    `<worksheet><sheetData><row r="1">${'<c r="A1"/>'.repeat(16_385)}</row></sheetData></worksheet>`,
    /row 1 has cells more than once/,
  ],
  ['bytes that are not UTF-8', `<worksheet>\xff\xfe</worksheet>`, /has bytes that are not UTF-8/],
  ['deep nesting', '<a>'.repeat(101), /beyond a limit: .* nests elements more than 100 deep/],
])('a sheet with %s fails', async (_, xml, message) => {
  const content = xlsxFile(table, { files: { 'xl/worksheets/sheet1.xml': bytes(xml) } });
  expect(await failureOf(content)).toEqual({
    name: 'RunFailure',
    kind: 'failed',
    message: expect.stringMatching(message),
  });
});

test('a text without end is refused long before it fills the memory', async () => {
  // Random, so that it is not the ratio that is refused.
  const noise = randomBytes(4 * MIB).toString('hex');
  const content = xlsxFile(table, { files: { 'xl/worksheets/sheet1.xml': `<worksheet><!--${noise}--></worksheet>` } });
  expect(await failureOf(content)).toEqual(beyond('xl/worksheets/sheet1.xml has a text of more than 4 MiB'));
});

test('a bomb is refused by what the archive says of it, without inflating it', async () => {
  const content = xlsxFile(table, { files: { 'xl/worksheets/sheet1.xml': new Uint8Array(64 * MIB) } });
  expect(content.length).toBeLessThan(MIB);
  const before = process.cpuUsage();
  expect(await failureOf(content)).toEqual({
    ...beyond(''),
    message: expect.stringMatching(/sheet1\.xml inflates to 10\d\d times its size, 250 times are allowed$/),
  });
  expect(process.cpuUsage(before).user).toBeLessThan(500_000);
});

test('a part that inflates beyond the limit is refused by what the archive says', async () => {
  const sheet = 'xl/worksheets/sheet1.xml';
  const content = Buffer.from(xlsxFile(table));
  content.writeUInt32LE(3 * 1024 * MIB, content.lastIndexOf(sheet) - 22);
  expect(await failureOf(content)).toEqual(beyond(`${sheet} inflates to 3072 MiB, 2048 MiB are allowed`));
});

test('a bomb that lies about its size is refused as soon as it is longer', async () => {
  const sheet = 'xl/worksheets/sheet1.xml';
  const content = Buffer.from(xlsxFile(table, { files: { [sheet]: new Uint8Array(64 * MIB) } }));
  // The directory comes last; the size is 22 bytes before the name there.
  content.writeUInt32LE(1000, content.lastIndexOf(sheet) - 22);
  expect(await failureOf(content)).toEqual(unreadable(`${sheet} is damaged: it is longer than the archive says`));
});

test('more entries than any workbook has are refused', async () => {
  const many = Object.fromEntries(Array.from({ length: 10_001 }, (_, at) => [`x/${at}`, '']));
  expect(await failureOf(xlsxFile(table, { files: many }))).toEqual(beyond('10007 entries, 10000 are allowed'));
});

test('a damaged sheet is found by its checksum, if by nothing else', async () => {
  const content = Buffer.from(xlsxFile(table, { level: 0 }));
  const at = content.indexOf('<v>7</v>');
  content.write('8', at + 3);
  expect(await failureOf(content)).toEqual(unreadable('xl/worksheets/sheet1.xml is damaged: its checksum is wrong'));
});

test('an unknown compression and a locked entry say so', async () => {
  const patched = (offset: number, value: number) => {
    const content = Buffer.from(xlsxFile(table));
    const name = '_rels/.rels';
    content.writeUInt16LE(value, content.lastIndexOf(name) - offset);
    return content;
  };
  expect(await failureOf(patched(36, 99))).toEqual(
    unreadable('_rels/.rels is damaged: it is compressed by method 99, which is not known here'),
  );
  expect(await failureOf(patched(38, 1))).toEqual(unreadable('_rels/.rels is protected by a password'));
});
