import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Rows put together before they are written. */
const ROWS_PER_CHUNK = 1000;
const header = 'id,station,observed_at,temperature,humidity,wind,status,note,operator,reading\n';
const stations = ['Lake Tahoe', 'Donner Pass', 'Mammoth "East"', 'San José, CA', 'Ebbetts Pass'];

/** mulberry32: small, and the same everywhere for the same seed. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** About 100 bytes: every row with quoted fields, one in ten with a line break inside, one in five not ASCII. */
function csvRow(id: number, next: () => number): string {
  const station = (stations[id % stations.length] as string).replaceAll('"', '""');
  const observedAt = new Date(1_700_000_000_000 + id * 60_000).toISOString().slice(0, 19);
  const note = id % 10 === 0 ? `"checked\nby hand, ${id % 97}"` : `"ok, run ${id % 97}"`;
  const cells = [
    id,
    `"${station}"`,
    `${observedAt}Z`,
    (next() * 60 - 20).toFixed(2),
    Math.floor(next() * 100),
    (next() * 30).toFixed(1),
    id % 50 === 0 ? '' : 'ACTIVE',
    note,
    `op-${Math.floor(next() * 1000)}`,
    Math.floor(next() * 1e9),
  ];
  return `${cells.join(',')}\n`;
}

/** The text of a CSV file with `rows` records of ten columns, always the same for the same number. */
export function* csvText(rows: number): Generator<string> {
  const next = random(1);
  yield header;
  for (let id = 1; id <= rows; ) {
    let chunk = '';
    for (let count = 0; count < ROWS_PER_CHUNK && id <= rows; count++) chunk += csvRow(id++, next);
    yield chunk;
  }
}

export async function writeCsvFile(path: string, rows: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await pipeline(Readable.from(csvText(rows)), createWriteStream(path));
}
