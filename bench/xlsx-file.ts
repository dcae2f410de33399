import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Random, seededRandom } from '../test/support/random.ts';
import { zipFile } from '../test/support/zip-file.ts';

const header = ['id', 'station', 'observed_at', 'air', 'humidity', 'wind', 'status', 'note', 'operator', 'serial'];
const columns = 'ABCDEFGHIJ';
const xml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packaged = 'http://schemas.openxmlformats.org/package/2006/relationships';

/** 2023-11-14 as a day of the 1900 system. */
const FIRST_DAY = 45_244;
const MINUTE = 1 / 1440;

type Strings = { readonly index: (text: string) => number; readonly all: () => readonly string[] };

function sharedStrings(): Strings {
  const numbers = new Map<string, number>();
  return {
    index(text) {
      const known = numbers.get(text);
      if (known !== undefined) return known;
      numbers.set(text, numbers.size);
      return numbers.size - 1;
    },
    all: () => [...numbers.keys()],
  };
}

function rowXml(row: number, strings: Strings, { next, between }: Random): string {
  const id = row - 1;
  const text = (column: number, value: string) =>
    `<c r="${columns[column]}${row}" t="s"><v>${strings.index(value)}</v></c>`;
  const number = (column: number, value: number | string, format = '') =>
    `<c r="${columns[column]}${row}"${format}><v>${value}</v></c>`;
  const cells = [
    number(0, id),
    text(1, `Station ${id % 500}, "north"`),
    number(2, FIRST_DAY + id * MINUTE, ' s="1"'),
    number(3, (next() * 60 - 20).toFixed(2)),
    number(4, between(0, 99)),
    number(5, (next() * 30).toFixed(1)),
    id % 50 === 0 ? '' : text(6, 'ACTIVE'),
    text(7, `checked by hand, ${id}`),
    text(8, `op-${between(0, 999)}`),
    number(9, between(0, 1e9)),
  ];
  return `<row r="${row}" spans="1:10">${cells.join('')}</row>`;
}

function sheetXml(rows: number, strings: Strings): string {
  const random = seededRandom(1);
  const names = header.map((name, at) => `<c r="${columns[at]}1" t="s"><v>${strings.index(name)}</v></c>`);
  const parts = [`<row r="1">${names.join('')}</row>`];
  for (let row = 2; row <= rows + 1; row++) parts.push(rowXml(row, strings, random));
  return `${xml}<worksheet xmlns="${main}"><sheetData>${parts.join('')}</sheetData></worksheet>`;
}

const relationships = (...targets: readonly string[]) => {
  const all = targets.map(
    (target, at) =>
      `<Relationship Id="rId${at + 1}" Type="${office}/${target.split('|')[0]}" Target="${target.split('|')[1]}"/>`,
  );
  return `${xml}<Relationships xmlns="${packaged}">${all.join('')}</Relationships>`;
};

/** An XLSX file with `rows` records of ten columns: numbers, dates, a text of its own in each row and repeated ones. */
export async function writeXlsxFile(path: string, rows: number): Promise<void> {
  const strings = sharedStrings();
  const sheet = sheetXml(rows, strings);
  const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const texts = strings.all().map((text) => `<si><t>${escaped(text)}</t></si>`);
  const files = {
    '_rels/.rels': relationships('officeDocument|xl/workbook.xml'),
    'xl/workbook.xml': `${xml}<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="Data" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relationships(
      'worksheet|worksheets/sheet1.xml',
      'styles|styles.xml',
      'sharedStrings|sharedStrings.xml',
    ),
    'xl/styles.xml': `${xml}<styleSheet xmlns="${main}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="22"/></cellXfs></styleSheet>`,
    'xl/sharedStrings.xml': `${xml}<sst xmlns="${main}">${texts.join('')}</sst>`,
    'xl/worksheets/sheet1.xml': sheet,
  };
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, zipFile(files));
}
