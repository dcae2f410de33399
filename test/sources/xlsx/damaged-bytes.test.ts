import { expect, test } from '@jest/globals';
import { seededRandom } from '../../support/random.ts';
import { readRecords } from '../../support/read-source.ts';
import { formatted, xlsxFile } from '../../support/xlsx-file.ts';
import { openXlsx } from './open-xlsx.ts';

const rows = [
  ['id', 'name', 'seen'],
  ...Array.from({ length: 20 }, (_, at) => [at, `name ${at}`, formatted(1, 44197 + at)]),
];
const files = [xlsxFile(rows, { formats: [14], level: 0 }), xlsxFile(rows, { formats: [14] })];
const ROUNDS = 400;

test.each([
  ['stored', 0],
  ['deflated', 1],
])('damaged bytes of a %s file are read as before or refused by name', async (_, which) => {
  const file = files[which] as Uint8Array;
  const random = seededRandom(7 + which);
  const whole = await readRecords(openXlsx(file));
  let refused = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const damaged = Buffer.from(file);
    for (let count = random.between(1, 4); count > 0; count--) {
      damaged[random.between(0, damaged.length - 1)] = random.between(0, 255);
    }
    const cut = random.chance(0.2) ? damaged.subarray(0, random.between(0, damaged.length)) : damaged;
    const outcome = await readRecords(openXlsx(cut)).catch((error: unknown) => error);
    if (Array.isArray(outcome)) {
      // What is not covered by a checksum are names and times in the archive's directory.
      expect({ round, outcome }).toEqual({ round, outcome: whole });
      continue;
    }
    refused++;
    expect({ round, outcome: (outcome as Error).name }).toEqual({ round, outcome: 'RunFailure' });
  }
  expect(refused).toBeGreaterThan(ROUNDS / 2);
});

const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const parts: Readonly<Record<string, string>> = {
  'xl/workbook.xml': `<workbook xmlns:r="${office}"><workbookPr date1904="1"/><sheets><sheet name="S" r:id="rId1"/></sheets></workbook>`,
  'xl/styles.xml':
    '<styleSheet><numFmts><numFmt numFmtId="164" formatCode="[h]:mm"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>',
  'xl/sharedStrings.xml': '<sst><si><t>id</t></si><si><r><t>na</t></r><r><t>me</t></r><rPh><t>x</t></rPh></si></sst>',
  'xl/worksheets/sheet1.xml':
    '<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row><row r="3"><c r="A3" s="1"><v>1.5</v></c><c r="B3" t="inlineStr"><is><t>z</t></is></c></row><row r="4"><c r="A4" t="b"><f>A1</f><v>1</v></c><c r="B4" t="e"><v>#N/A</v></c></row></sheetData><mergeCells><mergeCell ref="A1:A2"/></mergeCells></worksheet>',
};

test('changed XML in a sound archive is read or refused by name', async () => {
  const random = seededRandom(11);
  const names = Object.keys(parts) as [string, ...string[]];
  const pieces = [
    '<',
    '>',
    '/',
    '"',
    '=',
    ' ',
    '&',
    '&#0;',
    '-',
    '9',
    '99999999999',
    'e',
    'A',
    '<v>',
    '</c>',
    '<row>',
    '',
  ] as const;
  const outcomes = new Map<string, number>();
  for (let round = 0; round < ROUNDS; round++) {
    const name = random.pick(names);
    const text = parts[name] as string;
    const at = random.between(0, text.length - 1);
    const changed = text.slice(0, at) + random.pick([...pieces]) + text.slice(at + random.between(0, 3));
    const source = openXlsx(xlsxFile([], { files: { ...parts, [name]: changed } }));
    const outcome = await readRecords(source).then(
      () => 'read',
      (error: Error) => error.name,
    );
    expect({ round, changed, outcome }).toEqual({
      round,
      changed,
      outcome: expect.stringMatching(/^(read|RunFailure)$/),
    });
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }
  // Both must happen for the test to say something.
  expect(outcomes.get('read')).toBeGreaterThan(50);
  expect(outcomes.get('RunFailure')).toBeGreaterThan(50);
});
