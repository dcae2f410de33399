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
/** Characters of a value that are shown. */
const SHOWN = 100;

/** Outside the pass or delivered before; or a record, and the position behind it. */
export type Judged = 'known' | { readonly position: ApiPosition; readonly record: SourceRecord };

/** Sorts records by their own times, and tells what to remember of those that may come again. */
export type Increments = {
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
};

export function increments({ config, format, passes, isRemembered }: IncrementsOptions): Increments {
  /** What to remember of this batch; null: it has no time of its own. */
  let fresh = new Map<string, number | null>();
  const isKnown = (id: string) => fresh.has(id) || isRemembered(id);

  /** Records without a time come again in each look: set aside once is enough. */
  function setAside(item: JsonValue, why: string, position: ApiPosition): Judged {
    const raw = JSON.stringify(item);
    const id = hashOf(raw);
    if (isKnown(id)) return 'known';
    fresh.set(id, null);
    const row = position.row + 1;
    return { position: { ...position, row }, record: rejectedItem(row, why, raw) };
  }

  const msOf = (mark: string | undefined) => (mark === undefined ? undefined : format.read(mark));

  /** The marks once this record is counted: they move apart only, also within a millisecond. */
  function marksWith(text: string, ms: number, { high = text, low = text }: ApiPosition) {
    const [highMs = ms, lowMs = ms] = [msOf(high), msOf(low)];
    const isHigher = ms === highMs ? format.isFinerAfter(text, high) : ms > highMs;
    const isLower = ms === lowMs ? format.isFinerAfter(low, text) : ms < lowMs;
    return { high: isHigher ? text : high, low: isLower ? text : low };
  }

  return {
    judge(item, position) {
      if (!isRecord(item)) return setAside(item, NO_OBJECT, position);
      const value = fieldOf(item, config.cursor_field) ?? null;
      const text = timeText(value);
      const ms = text === undefined ? undefined : format.read(text);
      if (text === undefined || ms === undefined) return setAside(item, timelessReason(config, value), position);
      const { from = null, to = null } = position.pass ?? {};
      // Upstreams read bounds in their own ways: what counts is that windows join and don't overlap.
      if ((from !== null && ms < from) || (to !== null && ms >= to)) return 'known';
      const high = Math.max(ms, msOf(position.high) ?? ms);
      if (ms >= passes.forgetBelow(high)) {
        const id = hashOf(JSON.stringify(item));
        if (isKnown(id)) return 'known';
        fresh.set(id, ms);
      }
      const row = position.row + 1;
      const pass = position.pass && { ...position.pass, found: true as const };
      return {
        position: { ...position, row, ...marksWith(text, ms, position), ...(pass && { pass }) },
        record: { row, fields: recordFields(item) },
      };
    },

    close(position) {
      const { high = null, low = null, pass } = position;
      const marks = { phase: pass?.phase ?? 'historical', high, low };
      const highMs = msOf(position.high);
      if (highMs === undefined) return { marks };
      const forgetBelow = passes.forgetBelow(highMs);
      const kept = [...fresh].map(([id, ms]) => [id, ms ?? highMs] as const).filter(([, ms]) => ms >= forgetBelow);
      const newest = kept.reduce((most, [, ms]) => Math.max(most, ms), forgetBelow);
      fresh = new Map();
      return { marks, remember: { hashes: kept.map(([id]) => id), newest, forgetBelow } };
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
