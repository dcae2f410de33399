import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { encodingOf } from '../../../lambdas/sources/csv/encoding.ts';
import { recordReader } from '../../../lambdas/sources/csv/record-reader.ts';
import { recordSkipper } from '../../../lambdas/sources/csv/record-skipper.ts';
import { newScan, recordScanner } from '../../../lambdas/sources/csv/scanner.ts';
import { unitClasses } from '../../../lambdas/sources/csv/units.ts';
import { plain } from '../../support/read-source.ts';

const dialects = [
  { delimiter: ',', quote: '"', escape: '"', crEndsRow: false },
  { delimiter: ';', quote: "'", escape: '\\', crEndsRow: false },
  { delimiter: '\t', quote: '"', escape: '"', crEndsRow: true },
];

/** Text in which everything that means something comes often. */
const text = fc.array(fc.constantFrom(',', ';', '\t', '"', '"', "'", '\\', '\n', '\r', '\r\n', 'a', 'é', '😀'), {
  maxLength: 40,
});
const encodings = ['utf-8', 'windows-1252', 'utf-16le', 'utf-16be', 'shift_jis'];

function encoded(value: string, encoding: string): Buffer {
  if (encoding === 'utf-8') return Buffer.from(value);
  if (encoding === 'windows-1252') return Buffer.from(value, 'latin1');
  // テ ends in a byte that is an ASCII letter, ソ in a backslash.
  if (encoding === 'shift_jis') {
    const letters = value.replaceAll('é', '\x83\x65').replaceAll('😀', '\x83\x5c');
    return Buffer.from(letters, 'latin1');
  }
  const units = Buffer.from(value, 'utf16le');
  return encoding === 'utf-16be' ? units.swap16() : units;
}

function readAll(bytes: Buffer, cuts: readonly number[], dialect: (typeof dialects)[number], encoding: string) {
  const settings = { encoding: requiredEncoding(encoding), dialect, columns: ['a', 'b'], nullWords: [] };
  const reader = recordReader(settings, { offset: 0, row: 1 });
  const records: unknown[] = [];
  const drain = () => {
    for (let placed = reader.next(); placed !== undefined; placed = reader.next()) {
      records.push({ ...plain(placed.record), end: placed.end });
    }
  };
  for (const [index, cut] of [0, ...cuts].entries()) {
    reader.push(bytes.subarray(cut, cuts[index] ?? bytes.length));
    drain();
  }
  reader.finish();
  drain();
  return records;
}

function requiredEncoding(label: string) {
  const encoding = encodingOf(label);
  if (encoding === undefined) throw new Error(`no encoding ${label}`);
  return encoding;
}

describe.each(encodings)('in %s', (encoding) => {
  test.each(dialects)('records don’t depend on where chunks end (%j)', (dialect) => {
    fc.assert(
      fc.property(text, (parts) => {
        const bytes = encoded(parts.join(''), encoding);
        const whole = readAll(bytes, [], dialect, encoding);
        for (let cut = 1; cut < bytes.length; cut++) {
          expect(readAll(bytes, [cut], dialect, encoding)).toEqual(whole);
        }
        const everywhere = Array.from({ length: Math.max(bytes.length - 1, 0) }, (_, index) => index + 1);
        expect(readAll(bytes, everywhere, dialect, encoding)).toEqual(whole);
      }),
      { numRuns: 60 },
    );
  });
});

test.each(dialects)('a record that is too long ends where the scanner would have ended it (%j)', (dialect) => {
  const classes = unitClasses(dialect, requiredEncoding('utf-8'));
  const scan = newScan();
  const scanRecord = recordScanner(classes, dialect, scan);
  fc.assert(
    fc.property(text, fc.nat(60), (parts, cut) => {
      const bytes = Buffer.from(`${parts.join('')}x`);
      expect(scanRecord(bytes, 0, true)).toBe(true);
      const skipper = recordSkipper(classes, dialect);
      const head = bytes.subarray(0, cut);
      const within = skipper.skip(head, 0, head.length === bytes.length);
      const end = within >= 0 ? within : head.length + skipper.skip(bytes.subarray(head.length), 0, true);
      const openedAfter = scan.problem === 'open quote' ? scan.problemRows : undefined;
      expect({ end, rows: skipper.rows, openedAfter: skipper.openedAfter }).toEqual({
        end: scan.next,
        rows: scan.rows,
        openedAfter,
      });
    }),
    { numRuns: 2000 },
  );
});
