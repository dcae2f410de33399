import { isUtf8 } from 'node:buffer';

/**
 * What the reader has to know of an encoding. Rows are cut on units (bytes, or the 16 bits of UTF-16), so that every
 * row has an exact position in bytes; text is made afterwards.
 */
export type Encoding = {
  /** WHATWG name, as `TextDecoder` gives it. */
  readonly name: string;
  /** Bytes of a unit. */
  readonly width: 1 | 2;
  /** UTF-16BE: bytes are swapped when they come in, and then read as little endian. */
  readonly swapped: boolean;
  /** The units that can't simply be cut out of `text`: several make a character, or they may be invalid. */
  readonly special: (unit: number) => boolean;
  /** The units that take the next one with them, whatever it looks like. */
  readonly leads: (unit: number) => boolean;
  /** A whole block as text in which every unit that isn't special has the same index as in the block. */
  readonly text: (block: Buffer) => string;
  /** The text of a field that has special units, from a byte of the block to another; undefined when it is invalid. */
  readonly decode: (block: Buffer, from: number, to: number) => string | undefined;
};

const never = () => false;
/** Their meaning depends on what came before, so that no position in them can be resumed from. */
const stateful = new Set(['iso-2022-jp', 'replacement']);
const doubleByte = new Set(['shift_jis', 'gbk', 'gb18030', 'big5', 'euc-kr', 'euc-jp']);

const utf8: Encoding = {
  name: 'utf-8',
  width: 1,
  swapped: false,
  special: (unit) => unit >= 0x80,
  leads: never,
  text: (block) => block.toString('latin1'),
  decode(block, from, to) {
    const text = block.toString('utf8', from, to);
    return text.includes('\uFFFD') && !isUtf8(block.subarray(from, to)) ? undefined : text;
  },
};

function utf16(name: string): Encoding {
  return {
    name,
    width: 2,
    swapped: name === 'utf-16be',
    special: (unit) => unit >= 0xd800 && unit <= 0xdfff,
    leads: never,
    text: (block) => block.toString('utf16le'),
    decode(block, from, to) {
      const text = block.toString('utf16le', from, to);
      return text.isWellFormed() ? text : undefined;
    },
  };
}

function legacy(name: string): Encoding {
  const decoder = new TextDecoder(name);
  const strict = new TextDecoder(name, { fatal: true });
  const isDouble = doubleByte.has(name);
  const table = decoder.decode(Uint8Array.from({ length: 256 }, (_, byte) => byte));
  return {
    name,
    width: 1,
    swapped: false,
    special: isDouble ? (unit) => unit >= 0x80 : (unit) => table[unit] === '\uFFFD',
    leads: isDouble ? (unit) => leadsDouble(name, unit) : never,
    text: isDouble ? (block) => block.toString('latin1') : (block) => decoder.decode(block),
    decode(block, from, to) {
      try {
        return strict.decode(block.subarray(from, to));
      } catch {
        return undefined;
      }
    },
  };
}

function leadsDouble(name: string, unit: number): boolean {
  if (name === 'shift_jis') return (unit >= 0x81 && unit <= 0x9f) || (unit >= 0xe0 && unit <= 0xfc);
  return unit >= 0x81 && unit <= 0xfe;
}

/** The encoding of a WHATWG label, or undefined when there is none that rows can be cut in. */
export function encodingOf(label: string): Encoding | undefined {
  const name = nameOf(label);
  if (name === undefined || stateful.has(name)) return undefined;
  if (name === 'utf-8') return utf8;
  return name.startsWith('utf-16') ? utf16(name) : legacy(name);
}

function nameOf(label: string): string | undefined {
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return undefined;
  }
}

const marks: readonly { readonly encoding: string; readonly bytes: readonly number[] }[] = [
  { encoding: 'utf-8', bytes: [0xef, 0xbb, 0xbf] },
  { encoding: 'utf-16le', bytes: [0xff, 0xfe] },
  { encoding: 'utf-16be', bytes: [0xfe, 0xff] },
];

/** The byte order mark that a file begins with, if any. */
export function byteOrderMark(head: Uint8Array): { encoding: string; length: number } | undefined {
  const mark = marks.find(({ bytes }) => bytes.every((byte, index) => head[index] === byte));
  return mark && { encoding: mark.encoding, length: mark.bytes.length };
}

/** The number, from 1, of the byte where the first character begins that `encoding` doesn't have. */
export function firstInvalidByte(encoding: Encoding, bytes: Uint8Array): number {
  const decoder = new TextDecoder(encoding.swapped ? 'utf-16le' : encoding.name, { fatal: true, ignoreBOM: true });
  let characterStart = 0;
  for (let at = 0; at < bytes.length; at++) {
    try {
      if (decoder.decode(bytes.subarray(at, at + 1), { stream: true }) !== '') characterStart = at + 1;
    } catch {
      break;
    }
  }
  return characterStart + 1;
}
