import type { Geometry, RecordSeverity, RecordStatus } from './feed-record.ts';

/**
 * How one public feed is read: where it is, how often, and what its bytes say. An adapter knows its format and nothing
 * else; fetching, judging, storing and telling are done for it (docs/how-to/add-an-adapter.md).
 */
export type Adapter = {
  /** Kebab case, for ever: records and health are kept under it. */
  readonly id: string;
  /** `US-CA`, or `US` where the feed covers the country. */
  readonly jurisdiction: string;
  /** What its records are about: `chain-controls`, `lane-closures`, `work-zones`, `weather-alerts`, … */
  readonly feedType: string;
  /** From one poll to the next, at least 60. */
  readonly intervalSeconds: number;
  /** All of one poll, writing included; at least 15 s shorter than the interval, so that polls never overlap. */
  readonly deadlineSeconds: number;
  /** How old the feed's own time of publication may be before its records are no longer called live. */
  readonly maxFeedAgeSeconds: number;
  /** After so long without a success the adapter is `stale`, `down`; 3 and 12 intervals if absent. */
  readonly staleAfterSeconds?: number;
  readonly downAfterSeconds?: number;
  /** Whether a part without a single record is an answer; if not, it is a fault: nothing is ever "all clear" by mistake. */
  readonly mayBeEmpty: boolean;
  /** Whether its address or headers need a key; without one the deployment leaves the adapter out. */
  readonly needsSecret: boolean;
  /** The addresses that make up the feed, at least one. `secret` is the key's value, when it needs one. */
  parts(secret: string | undefined): readonly FeedPart[];
  /**
   * Reads the whole of a part.
   *
   * Throws `UpstreamFault` when it is not what it should be; what is odd in a single row goes into that row's record.
   */
  parse(body: Uint8Array, part: FeedPart): ParsedPart;
};

/** One address of a feed: a district, a state. Each is fetched, judged and kept by itself. */
export type FeedPart = {
  /** Unique in its adapter, shown to operators: `district-3`. */
  readonly id: string;
  readonly url: string;
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Decoded; what is larger is refused, not cut. */
  readonly maxBytes: number;
};

export type ParsedPart = {
  readonly records: readonly ParsedRecord[];
  /**
   * How many rows do not even say which record they are of; none if absent. As long as there are any, the part counts as
   * partly read and none of its records is closed: what is missing may be among them.
   */
  readonly unreadRows?: number;
  /**
   * The feed's own time of publication, milliseconds since the epoch; null only where the format has none, as the feed is
   * not called live then.
   */
  readonly publishedAt: number | null;
};

/** A record as an adapter makes it; who it is from is added to it. */
export type ParsedRecord = {
  /** Unique in its adapter, the same in each poll for the same thing, at most 1000 bytes. */
  readonly recordId: string;
  /** Other ids that upstream has given the same thing; a known record keeps its id through a change of them. */
  readonly aliases?: readonly string[];
  /** One line for people. */
  readonly title: string;
  readonly status: RecordStatus;
  readonly severity: RecordSeverity;
  readonly geometry: Geometry | null;
  /** Milliseconds since the epoch, in the years 1900 to 9999; null where unknown or open. */
  readonly startsAt: number | null;
  readonly endsAt: number | null;
  /** Whatever else the source says, under the source's terms in snake case; nothing that changes by the mere passing of time. */
  readonly properties: Readonly<Record<string, JsonValue>>;
};

export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue };
