import type { PollResult } from './apply-poll.ts';
import type { ChangedPart } from './diff-records.ts';
import type { FeedHealth, PartState } from './feed-health.ts';
import type { PartReading } from './read-part.ts';
import type { UpstreamFault } from './upstream-fault.ts';

export type Judgement = Pick<PollResult, 'outcome' | 'error' | 'latencyMs' | 'parts'> & {
  /** When upstream wants to be asked again at the earliest, milliseconds since the epoch; null if it did not say. */
  readonly retryAt: number | null;
  /** The parts whose records are not what they were. */
  readonly changes: readonly ChangedPart[];
};

type Failed = Extract<PartReading, { kind: 'failed' }>;
type Read = Extract<PartReading, { kind: 'read' }>;

/** No digest is the same. */
const NO_DIGEST = '';
/** From the first poll on, a part is one of its feed: until it was read, the feed is not whole. */
const NEVER_READ: PartState = { digest: NO_DIGEST, records: 0, publishedAt: null };
/** `last_error` is a line for people, and health is a small item. */
const LONGEST_MESSAGE = 130;

/** What a poll that read these parts has come to. Parts that could not be read keep their records and their state. */
export function judgeReadings(readings: readonly PartReading[], health: FeedHealth | null): Judgement {
  const failed = readings.filter((reading): reading is Failed => reading.kind === 'failed');
  const before = health?.parts ?? {};
  const states = readings.map((reading) => [reading.partId, stateAfter(reading, before)] as const);
  return {
    ...outcomeOf(readings, failed),
    latencyMs: meanLatency(readings),
    retryAt: latestRetry(failed),
    parts: Object.fromEntries(states),
    changes: [...changedParts(readings, before), ...abandonedParts(readings, before)],
  };
}

/** What a poll that did not get as far as its parts has come to. */
export function judgeFault(fault: UpstreamFault, health: FeedHealth | null): Judgement {
  const error = { message: shortened(fault.message), code: fault.code };
  const { outcome, retryAt } = fault;
  return { outcome, error, latencyMs: null, retryAt, parts: health?.parts ?? {}, changes: [] };
}

/** The same parts, of which nothing is taken for known: the next poll reads and compares all of them. */
export function doubted(parts: Readonly<Record<string, PartState>>): Record<string, PartState> {
  return Object.fromEntries(Object.entries(parts).map(([id, state]) => [id, doubtedState(state)]));
}

function doubtedState({ records, publishedAt }: PartState): PartState {
  return { digest: NO_DIGEST, records, publishedAt };
}

/** A part that was partly read is read and compared again by the next poll, even if upstream does not change it. */
function stateAfter(reading: PartReading, before: FeedHealth['parts']): PartState {
  if (reading.kind === 'failed') return before[reading.partId] ?? NEVER_READ;
  return isPartlyRead(reading) ? doubtedState(reading.state) : reading.state;
}

function outcomeOf(readings: readonly PartReading[], failed: readonly Failed[]): Pick<Judgement, 'outcome' | 'error'> {
  const list = readings.flatMap(amissWith).join('; ');
  if (list === '') return { outcome: 'success', error: null };
  const [first] = failed;
  if (first === undefined) return partly(list, 'UPSTREAM_PARTIAL');
  if (failed.length < readings.length) {
    const isOurs = failed.every(({ fault }) => fault.outcome === 'internal_failure');
    const code = isOurs ? 'INTERNAL_PARTIAL' : 'UPSTREAM_PARTIAL';
    return partly(`${failed.length} of ${readings.length} parts failed: ${list}`, code);
  }
  const alike = failed.every(({ fault }) => fault.message === first.fault.message);
  const { outcome, code, message } = first.fault;
  return { outcome, error: { message: shortened(alike ? message : `all parts failed: ${list}`), code } };
}

function partly(message: string, code: string): Pick<Judgement, 'outcome' | 'error'> {
  return { outcome: 'partial_success', error: { message: shortened(message), code } };
}

/** For people, each with the name of its part. */
function amissWith(reading: PartReading): string[] {
  if (reading.kind === 'unchanged') return [];
  const amiss = reading.kind === 'failed' ? [reading.fault.message] : reading.doubts;
  return amiss.map((message) => `${reading.partId}: ${message}`);
}

function isPartlyRead(reading: PartReading): reading is Read {
  return reading.kind === 'read' && reading.unreadRows > 0;
}

function changedParts(readings: readonly PartReading[], before: FeedHealth['parts']): ChangedPart[] {
  return readings
    .filter((reading): reading is Read => reading.kind === 'read')
    .filter(({ partId, state }) => before[partId]?.digest !== state.digest)
    .map((reading) => ({ partId: reading.partId, records: reading.records, isPartlyRead: isPartlyRead(reading) }));
}

/** Parts that the feed no longer has: nothing is in them. */
function abandonedParts(readings: readonly PartReading[], before: FeedHealth['parts']): ChangedPart[] {
  const present = new Set(readings.map(({ partId }) => partId));
  const abandoned = Object.keys(before).filter((partId) => !present.has(partId));
  return abandoned.map((partId) => ({ partId, records: [] }));
}

function meanLatency(readings: readonly PartReading[]): number | null {
  const latencies = readings.flatMap((reading) => (reading.kind === 'failed' ? [] : reading.latencyMs));
  return latencies.length === 0 ? null : latencies.reduce((sum, ms) => sum + ms, 0) / latencies.length;
}

function latestRetry(failed: readonly Failed[]): number | null {
  const instants = failed.flatMap(({ fault }) => fault.retryAt ?? []);
  return instants.length === 0 ? null : Math.max(...instants);
}

function shortened(message: string): string {
  return message.length <= LONGEST_MESSAGE ? message : `${message.slice(0, LONGEST_MESSAGE - 1)}…`;
}
