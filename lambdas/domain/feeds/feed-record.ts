import type { JsonValue, ParsedRecord } from './adapter.ts';

/**
 * What a feed may say of a record. `inactive`: it exists and is not in force (a checkpoint without a control); `unknown`:
 * upstream says something that is not understood, which is never taken for `inactive`.
 */
export const saidStatuses = ['active', 'inactive', 'scheduled', 'completed', 'cancelled', 'unknown'] as const;

/** `closed`: it has gone from the feed, whatever it said last. */
export type RecordStatus = (typeof saidStatuses)[number] | 'closed';

export const severities = ['none', 'minor', 'moderate', 'severe', 'extreme', 'unknown'] as const;

export type RecordSeverity = (typeof severities)[number];

/** GeoJSON (RFC 7946): longitude before latitude. */
export type Geometry = { readonly type: string; readonly coordinates: JsonValue };

/** A record as it is kept. */
export type FeedRecord = Omit<ParsedRecord, 'aliases'> & {
  readonly adapterId: string;
  readonly jurisdiction: string;
  readonly feedType: string;
  /** Of the address it came from: only what came from there is closed when it is no longer there. */
  readonly partId: string;
  readonly aliases: readonly string[];
  /** When it last changed here, milliseconds since the epoch. */
  readonly updatedAt: number;
  /** Of all that its source says of it. */
  readonly digest: string;
  /** The due instant of the poll that wrote it: an earlier poll's late write changes nothing. */
  readonly cycle: number;
  /** When a closed record is forgotten, milliseconds since the epoch; null while it is in the feed. */
  readonly forgottenAt: number | null;
};
