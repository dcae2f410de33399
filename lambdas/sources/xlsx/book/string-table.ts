import { limits } from '../limits.ts';
import { tooMuch } from '../unreadable-file.ts';

const BLOCK = 1024 * 1024;

/** A text too long for any row is only measured. */
const NOT_KEPT = 0xffffffff;

export type StringTable = {
  readonly size: number;
  /** Bytes of a text; undefined: there is none of that number. */
  bytesOf(index: number): number | undefined;
  /** Not for texts of more than `limits.rowBytes`. */
  textOf(index: number): string;
};

/** Many texts in little memory: as UTF-8 in large blocks, with two numbers for each. */
export function stringTable(): StringTable & { add(text: string): void } {
  const blocks: Buffer[] = [];
  let end = BLOCK;
  let starts = new Uint32Array(1024);
  let lengths = new Uint32Array(1024);
  let size = 0;
  let bytes = 0;

  /** Where the text begins, counted over all blocks; no text lies in two of them. */
  function keep(text: string, length: number): number {
    if (length > BLOCK) return NOT_KEPT;
    // Also an empty text lies within a block.
    if (end === BLOCK || end + length > BLOCK) {
      blocks.push(Buffer.allocUnsafeSlow(BLOCK));
      end = 0;
    }
    const start = end;
    (blocks.at(-1) as Buffer).write(text, start, 'utf8');
    end += length;
    return (blocks.length - 1) * BLOCK + start;
  }

  return {
    get size() {
      return size;
    },
    add(text) {
      const length = Buffer.byteLength(text);
      bytes += 8 + Math.min(length, BLOCK);
      if (bytes > limits.stringBytes) throw tooMuch('more than 192 MiB of shared strings');
      if (size === starts.length) {
        starts = grown(starts);
        lengths = grown(lengths);
      }
      starts[size] = keep(text, length);
      lengths[size] = length;
      size++;
    },
    bytesOf: (index) => (index >= 0 && index < size ? lengths[index] : undefined),
    textOf(index) {
      const start = starts[index] as number;
      const from = start % BLOCK;
      return (blocks[Math.floor(start / BLOCK)] as Buffer).toString('utf8', from, from + (lengths[index] as number));
    },
  };
}

function grown(numbers: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(numbers.length * 2);
  larger.set(numbers);
  return larger;
}
