import type { FileSamples } from './file-samples.ts';
import type { Finding } from './finding.ts';

/** What beyond ASCII there is: characters in valid UTF-8, and bytes that are not. */
type Counts = {
  characters: number;
  invalid: number;
  firstInvalid: number | undefined;
  /** Bytes that text in a single-byte encoding of the West hardly has: undefined ones, þ and ÿ. */
  implausible: number;
};

const IMPLAUSIBLE = [0x81, 0x8d, 0x8f, 0x90, 0x9d, 0xfe, 0xff];

/**
 * Tells UTF-8 from the single-byte encodings of the West, by the file's beginning and, as long as that is plain ASCII,
 * by its middle and end. Damaged UTF-8 is still UTF-8: it has more good characters than bad bytes.
 */
export async function sniffEncoding(samples: FileSamples): Promise<Finding<string>> {
  const counts: Counts = { characters: 0, invalid: 0, firstInvalid: undefined, implausible: 0 };
  count(samples.head, 0, counts, samples.isWhole);
  let looked = samples.head.length;
  for (const look of [samples.middle, samples.end]) {
    if (counts.characters + counts.invalid > 0) break;
    const sample = await look();
    if (sample === undefined) continue;
    looked += sample.bytes.length;
    count(sample.bytes, sample.offset, counts, sample.offset + sample.bytes.length === samples.size);
  }
  const { characters, invalid, firstInvalid } = counts;
  if (invalid > characters && counts.implausible === 0) {
    const evidence = `not UTF-8: ${invalid} bytes beyond ASCII, the first at byte ${(firstInvalid as number) + 1}`;
    return { value: 'windows-1252', evidence, confidence: 0.8 };
  }
  if (invalid > 0) {
    const evidence = `${characters} characters beyond ASCII are UTF-8, ${invalid} bytes are damaged`;
    return { value: 'utf-8', evidence, confidence: 0.7 };
  }
  const evidence =
    characters > 0 ? `${characters} characters beyond ASCII, all of them UTF-8` : `ASCII only in ${looked} bytes`;
  return { value: 'utf-8', evidence, confidence: characters > 0 || samples.isWhole ? 0.99 : 0.8 };
}

function count(bytes: Uint8Array, offset: number, counts: Counts, isEnd: boolean): void {
  // A sample may begin within a character.
  let at = 0;
  while (offset > 0 && at < 3 && isContinuation(bytes[at])) at++;
  while (at < bytes.length) {
    const byte = bytes[at] as number;
    if (byte < 0x80) {
      at++;
      continue;
    }
    const length = sequenceLength(byte);
    // … and end within one.
    if (at + length > bytes.length && length > 0 && !isEnd) return;
    if (isSequence(bytes, at, length)) {
      counts.characters++;
      at += length;
      continue;
    }
    counts.invalid++;
    if (IMPLAUSIBLE.includes(byte)) counts.implausible++;
    counts.firstInvalid ??= offset + at;
    at++;
  }
}

const isContinuation = (byte: number | undefined) => byte !== undefined && (byte & 0xc0) === 0x80;

function sequenceLength(lead: number): number {
  if (lead >= 0xc2 && lead <= 0xdf) return 2;
  if (lead >= 0xe0 && lead <= 0xef) return 3;
  return lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
}

function isSequence(bytes: Uint8Array, at: number, length: number): boolean {
  for (let next = 1; next < length; next++) if (!isContinuation(bytes[at + next])) return false;
  return length > 0;
}
