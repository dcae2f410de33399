/** Beginnings of files that are often taken for CSV, with the name people know them by. */
const magicNumbers: readonly { readonly name: string; readonly bytes: string }[] = [
  { name: 'a ZIP or XLSX file', bytes: 'PK\x03\x04' },
  { name: 'a ZIP file', bytes: 'PK\x05\x06' },
  { name: 'a gzip file', bytes: '\x1f\x8b\x08' },
  { name: 'a PDF file', bytes: '%PDF-' },
  { name: 'a PNG image', bytes: '\x89PNG\r\n\x1a\n' },
  { name: 'a JPEG image', bytes: '\xff\xd8\xff' },
  { name: 'a GIF image', bytes: 'GIF87a' },
  { name: 'a GIF image', bytes: 'GIF89a' },
  { name: 'an old Excel (XLS) file', bytes: '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1' },
  { name: 'a bzip2 file', bytes: 'BZh91AY&SY' },
  { name: 'an xz file', bytes: '\xfd7zXZ\x00' },
  { name: 'a Zstandard file', bytes: '\x28\xb5\x2f\xfd' },
  { name: 'a 7z file', bytes: '7z\xbc\xaf\x27\x1c' },
  { name: 'a RAR file', bytes: 'Rar!\x1a\x07' },
  { name: 'a Parquet file', bytes: 'PAR1\x15' },
  { name: 'an SQLite database', bytes: 'SQLite format 3\x00' },
  { name: 'a program (ELF)', bytes: '\x7fELF' },
];

/** Compressed data has 11 % of control characters, text has next to none. */
const CONTROL_SHARE = 0.05;
/** A few of them don't make a file binary, however short it is. */
const CONTROL_COUNT = 16;

/**
 * Tells what a file is that isn't text, by its first bytes; undefined: it may well be text. Control characters that
 * `allowed` names, such as an unusual delimiter, are text.
 */
export function binaryKind(head: Uint8Array, width: 1 | 2, allowed: string): string | undefined {
  const start = Buffer.from(head.subarray(0, 64)).toString('latin1');
  const known = magicNumbers.find(({ bytes }) => start.startsWith(bytes));
  if (known !== undefined) return known.name;
  // What servers answer instead of a file: a login or an error page.
  if (/^(\xef\xbb\xbf)?\s*<(!doctype html|html)\b/i.test(start)) return 'a web page (HTML)';
  if (width === 2) return undefined;
  const controls = countControls(head, allowed);
  // No other text has them, however short it is.
  const isUtf16 = controls.zeros > head.length * 0.3;
  if (isUtf16) return 'binary, or UTF-16 without a byte order mark (set source.options.encoding)';
  const isText = controls.all < CONTROL_COUNT || controls.all < head.length * CONTROL_SHARE;
  return isText ? undefined : 'binary';
}

function countControls(head: Uint8Array, allowed: string): { all: number; zeros: number } {
  const isText = new Set([...'\t\n\f\r\x1a', ...allowed].map((character) => character.charCodeAt(0)));
  let all = 0;
  let zeros = 0;
  for (const byte of head) {
    if (byte >= 0x20 || isText.has(byte)) continue;
    all++;
    if (byte === 0) zeros++;
  }
  return { all, zeros };
}
