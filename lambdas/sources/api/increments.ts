import { hash } from 'node:crypto';
import type { JsonValue } from '../../domain/json.ts';
import type { Remembered, SourceRecord, WaterMarks } from '../../domain/source.ts';
import type { IncrementalConfig } from './config.ts';
import { type CursorFormat, timeText } from './cursor-format.ts';
import type { Passes } from './passes.ts';
import type { ApiPosition } from './position.ts';
import { fieldOf, isRecord, recordFields } from './record-fields.ts';
import { NO_OBJECT, rejectedItem } from './rejected-item.ts';

const HASH_LENGTH = 16;
/** Milliseconds: two days, so that clocks that are off by one do no harm. */
const FARTHEST_AHEAD = 2 * 86_400_000;
/** Before all times that can be written. */
const EARLIEST = Date.parse('0000-01-01T00:00:00Z');
/** Characters of a value that are shown. */
const SHOWN = 100;

/** The position behind an item, and its record; without one it lies outside of the pass, or was delivered before. */
export type Judged = { readonly position: ApiPosition; readonly record?: SourceRecord };

/** Sorts records by their own times, and tells what to remember of those that may come again. */
export type Increments = {
  /** Begins a page, with those of its items that were read before. */
  beginPage(passed: readonly JsonValue[]): void;
  /** `position`: behind the record before it, in its pass. */
  judge(item: JsonValue, position: ApiPosition): Judged;
  /** What the batch that ends here has to say; begins the next one. */
  close(position: ApiPosition): { readonly marks: WaterMarks; readonly remember?: Remembered };
};

export type IncrementsOptions = {
  readonly config: IncrementalConfig;
  readonly format: CursorFormat;
  readonly passes: Passes;
  readonly isRemembered: (hash: string) => boolean;
  readonly now: () => number;
};

export function increments({ config, format, passes, isRemembered, now }: IncrementsOptions): Increments {
  /** What to remember of this batch; null: it has no time of its own. */
  let fresh = new Map<string, number | null>();
  /** How often each record came on this page: equal ones are as many records. */
  let counts = new Map<string, number>();
  const isKnown = (id: string) => fresh.has(id) || isRemembered(id);

  /** Of pages only: between two of them a record may move, and come again. */
  function idOf(raw: string): string {
    const id = hashOf(raw);
    const count = (counts.get(id) ?? 0) + 1;
    counts.set(id, count);
    return count === 1 ? id : hashOf(`${id}#${count}`);
  }

  /** Records without a time come again in each look: set aside once is enough. */
  function setAside(item: JsonValue, why: string, position: ApiPosition): Judged {
    const raw = JSON.stringify(item);
    const id = idOf(raw);
    if (isKnown(id)) return { position };
    fresh.set(id, null);
    const row = position.row + 1;
    return { position: { ...position, row }, record: rejectedItem(row, why, raw) };
  }

  const msOf = (mark: string | undefined) => (mark === undefined ? undefined : format.read(mark));

  function forgetBelow(high: string | undefined): number {
    const highMs = msOf(high);
    return highMs === undefined ? EARLIEST : passes.forgetBelow(highMs);
  }

  /**
   * The marks once this record is counted: they move apart only, also within a millisecond. One that is far ahead of
   * the clock moves none: all that comes before that time would be passed over. It is remembered until then.
   */
  function marksWith(text: string, ms: number, { high, low }: ApiPosition) {
    if (ms > now() + FARTHEST_AHEAD) return { ...(high !== undefined && { high }), ...(low !== undefined && { low }) };
    const [highMs = ms, lowMs = ms] = [msOf(high), msOf(low)];
    const isHigher = ms === highMs ? format.isFinerAfter(text, high ?? '') : ms > highMs;
    const isLower = ms === lowMs ? format.isFinerAfter(low ?? text, text) : ms < lowMs;
    return { high: isHigher || high === undefined ? text : high, low: isLower || low === undefined ? text : low };
  }

  return {
    beginPage(passed) {
      counts = new Map();
      for (const item of passed) idOf(JSON.stringify(item));
    },

    judge(item, position) {
      if (!isRecord(item)) return setAside(item, NO_OBJECT, position);
      const value = fieldOf(item, config.cursor_field) ?? null;
      const text = timeText(value);
      const ms = text === undefined ? undefined : format.read(text);
      if (text === undefined || ms === undefined) return setAside(item, timelessReason(config, value), position);
      const { from = null, to = null } = position.pass ?? {};
      // Upstreams read bounds in their own ways: what counts is that windows join and don't overlap.
      if ((from !== null && ms < from) || (to !== null && ms >= to)) return { position };
      const marks = marksWith(text, ms, position);
      if (ms >= forgetBelow(marks.high)) {
        const id = idOf(JSON.stringify(item));
        // Its time may have been far ahead when it was delivered.
        if (isKnown(id)) return { position: { ...position, ...marks } };
        fresh.set(id, ms);
      }
      const row = position.row + 1;
      const pass = position.pass && { ...position.pass, found: true as const };
      return {
        position: { ...position, row, ...marks, ...(pass && { pass }) },
        record: { row, fields: recordFields(item) },
      };
    },

    close(position) {
      const { high = null, low = null, pass } = position;
      const marks = { phase: pass?.phase ?? 'historical', high, low };
      const least = forgetBelow(position.high);
      const highMs = msOf(position.high) ?? least;
      const kept = [...fresh].map(([id, ms]) => [id, ms ?? highMs] as const).filter(([, ms]) => ms >= least);
      const newest = kept.reduce((most, [, ms]) => Math.max(most, ms), least);
      fresh = new Map();
      return { marks, remember: { hashes: kept.map(([id]) => id), newest, forgetBelow: least } };
    },
  };
}

function timelessReason({ cursor_field, format }: IncrementalConfig, value: JsonValue): string {
  const what = value === null ? 'has no value' : `${JSON.stringify(value).slice(0, SHOWN)} is not a time (${format})`;
  return `field "${cursor_field}": ${what}`;
}

function hashOf(text: string): string {
  return hash('sha256', text, 'base64url').slice(0, HASH_LENGTH);
}
