import { closeSync, existsSync, mkdirSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { Point } from './received-points.ts';

/** What happened to a wrapper's points: some came, with or without the batch they make whole, or all were forgotten. */
export type JournalEntry =
  | {
      readonly kind: 'took';
      readonly wrapperId: string;
      readonly batchId: string | null;
      readonly points: readonly Point[];
    }
  | { readonly kind: 'forgot'; readonly wrapperId: string };

export type Journal = { append(entry: JournalEntry): void; clear(): void; close(): void };

/**
 * Remembers on disk what the sink has acknowledged, so that a killed stack comes back with it: an entry is written
 * before its batch is answered. One JSON line each; a line that a kill cut off was never acknowledged and is dropped.
 */
export function openJournal(directory: string, replay: (entry: JournalEntry) => void): Journal {
  mkdirSync(directory, { recursive: true });
  const file = path.join(directory, 'sink.ndjson');
  if (existsSync(file)) restore(file, replay);
  const descriptor = openSync(file, 'a');
  return {
    append: (entry) => void writeSync(descriptor, `${JSON.stringify(lineOf(entry))}\n`),
    clear: () => truncateSync(file),
    close: () => closeSync(descriptor),
  };
}

type Line = { w: string; b?: string | null; p?: [id: string, content: string][] };

function lineOf(entry: JournalEntry): Line {
  if (entry.kind === 'forgot') return { w: entry.wrapperId };
  return { w: entry.wrapperId, b: entry.batchId, p: entry.points.map(({ id, content }) => [id, content]) };
}

function restore(file: string, replay: (entry: JournalEntry) => void): void {
  const bytes = readFileSync(file);
  let at = 0;
  for (let end = bytes.indexOf(0x0a); end >= 0; at = end + 1, end = bytes.indexOf(0x0a, at)) {
    const { w: wrapperId, b: batchId = null, p } = JSON.parse(bytes.toString('utf8', at, end)) as Line;
    if (p) replay({ kind: 'took', wrapperId, batchId, points: p.map(([id, content]) => ({ id, content })) });
    else replay({ kind: 'forgot', wrapperId });
  }
  if (at < bytes.length) truncateSync(file, at);
}
