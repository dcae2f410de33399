import { RunFailure } from '../../domain/errors.ts';
import type { Encoding } from './encoding.ts';

const LF = 0x0a;
const CR = 0x0d;

/**
 * Bytes that are said to be UTF-16 and are not, or with their bytes the other way round, have no row end: read on, the
 * whole file would be one row, and of no letters.
 *
 * @throws RunFailure when the head of a file has the bytes of row ends, and none of them is one in this encoding.
 */
export function refuseOtherWidth(head: Uint8Array, encoding: Encoding): void {
  if (encoding.width === 1 || !head.some(isEnd)) return;
  const [low, high] = encoding.swapped ? [1, 0] : [0, 1];
  for (let at = 0; at + 1 < head.length; at += 2) {
    if (isEnd(head[at + low] as number) && head[at + high] === 0) return;
  }
  throw new RunFailure(
    'failed',
    `the file is not ${encoding.name}, as source.options.encoding says: its rows do not end as they do in that encoding`,
  );
}

function isEnd(byte: number): boolean {
  return byte === LF || byte === CR;
}
