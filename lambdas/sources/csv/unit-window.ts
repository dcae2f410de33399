import type { Encoding } from './encoding.ts';
import type { Units } from './scanner.ts';

/**
 * The part of a file that is being scanned: bytes come in at the end, whole records are taken from the front.
 * Memory: one block, that is a record not yet complete and the chunk that came in last.
 */
export type UnitWindow = {
  readonly units: Units;
  /** The same as text; special units excepted, `text[i]` is `units[i]`. */
  readonly text: string;
  /** The bytes of some units. */
  bytes(from: number, to: number): Buffer;
  /** The text of some units, decoded; undefined when they are invalid. */
  decoded(from: number, to: number): string | undefined;
  /** Offset in the file, in bytes, of a unit. */
  offsetOf(unit: number): number;
  /** More bytes of the file; they are copied when `refill` takes them in. */
  push(chunk: Uint8Array): void;
  /** There are no more bytes. */
  finish(): void;
  /** The units at hand are the last ones. */
  readonly isFinal: boolean;
  /** The file ends within a unit of UTF-16; the half was filled up with zero. */
  readonly isCut: boolean;
  /** Drops the units before `used` and takes in what was pushed; false: nothing new. Units are counted anew. */
  refill(used: number): boolean;
};

export function unitWindow(encoding: Encoding, startOffset: number): UnitWindow {
  const { width } = encoding;
  let block: Buffer = Buffer.alloc(0);
  let units: Units = block;
  let text = '';
  let base = startOffset;
  let received = startOffset;
  let waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  let finished = false;
  let isCut = false;

  /** `known` bytes at the beginning were in the block before, and so are swapped already. */
  function adopt(bytes: Buffer<ArrayBuffer>, known: number): void {
    const whole = bytes.length - (bytes.length % width);
    if (encoding.swapped) bytes.subarray(known - (known % width), whole).swap16();
    block = bytes;
    units = width === 1 ? bytes : new Uint16Array(bytes.buffer, 0, whole / 2);
    text = encoding.text(bytes.subarray(0, whole));
  }

  return {
    get units() {
      return units;
    },
    get text() {
      return text;
    },
    get isFinal() {
      return finished && waitingBytes === 0;
    },
    get isCut() {
      return isCut;
    },
    bytes: (from, to) => block.subarray(from * width, to * width),
    decoded: (from, to) => encoding.decode(block, from * width, to * width),
    offsetOf: (unit) => Math.min(base + unit * width, received),
    push(chunk) {
      waiting.push(chunk);
      waitingBytes += chunk.length;
      received += chunk.length;
    },
    finish() {
      finished = true;
      isCut = (block.length + waitingBytes) % width !== 0;
      if (!isCut) return;
      waiting.push(new Uint8Array(1));
      waitingBytes++;
    },
    refill(used) {
      const left = block.subarray(used * width);
      // A record that is still incomplete is scanned again from its start: that stays cheap as long as each turn adds
      // a good part to it.
      const isWorthIt = finished || waitingBytes * 2 >= left.length;
      if (waitingBytes === 0 || !isWorthIt) return false;
      const bytes = Buffer.from(new ArrayBuffer(left.length + waitingBytes));
      left.copy(bytes);
      let filled = left.length;
      for (const chunk of waiting) {
        bytes.set(chunk, filled);
        filled += chunk.length;
      }
      base += used * width;
      waiting = [];
      waitingBytes = 0;
      adopt(bytes, left.length);
      return true;
    },
  };
}
