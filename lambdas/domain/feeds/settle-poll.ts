import type { Clock } from '../clock.ts';
import { RetryableError } from '../errors.ts';
import type { Adapter } from './adapter.ts';
import { applyPoll, hasAnswered, type PollResult } from './apply-poll.ts';
import { notBeforeOf } from './due-times.ts';
import type { FeedHealth } from './feed-health.ts';
import type { CompletedCycles, FeedHealths, FeedRecords } from './feed-store.ts';
import { doubted, type Judgement, judgeFault } from './judge-readings.ts';
import { type PollOutcome, UpstreamFault } from './upstream-fault.ts';
import { writeChanges } from './write-changes.ts';

export type DuePoll = {
  /** Milliseconds since the epoch; with the adapter, the identity of the poll. */
  readonly due: number;
  /** As it was when the poll was sent: usually it still is. */
  readonly health: FeedHealth | null;
  /** Whether an earlier attempt at this poll may have died half-way. */
  readonly redelivered: boolean;
};

/** A poll under way. */
export type StartedPoll = DuePoll & {
  readonly adapter: Adapter;
  readonly startedAt: number;
  /** Fires when its time is over. */
  readonly signal: AbortSignal;
  /** Reads the feed, given what is known of it. Asked again, it reads only what that makes necessary. */
  readonly judge: (health: FeedHealth | null) => Promise<Judgement>;
};

export type SettlingDeps = {
  readonly healths: Pick<FeedHealths, 'get' | 'replace'>;
  readonly cycles: Pick<CompletedCycles, 'record'>;
  readonly records: FeedRecords;
  readonly clock: Pick<Clock, 'now'>;
};

/** Durations in milliseconds. `superseded`: this poll or a later one had been counted already. */
export type PollReport = {
  readonly outcome: PollOutcome | 'superseded';
  readonly code: string | null;
  readonly lagMs: number;
  readonly durationMs: number;
  readonly recordsWritten: number;
};

/** The first on what the poll brought along, the second on what is stored; polls of an adapter don't overlap. */
const ATTEMPTS = 3;

/**
 * Writes what a poll has found: the records that have changed, then health, then the completed cycle. What dies on the
 * way is made good by the next poll, as records are compared until health says that they were written.
 */
export async function settlePoll(poll: StartedPoll, deps: SettlingDeps): Promise<PollReport> {
  const { adapter, due, redelivered } = poll;
  let health = redelivered ? doubtedHealth(poll.health) : poll.health;
  let recordsWritten = 0;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    if (health !== null && health.cycle >= due) {
      const mayBeMixed = redelivered || recordsWritten > 0;
      if (await supersede(health, mayBeMixed, deps)) return reportOf(poll, 'superseded', recordsWritten, deps);
      health = await deps.healths.get(adapter.id);
    } else {
      const { result, written } = await applyJudgement(await poll.judge(health), health, poll, deps);
      recordsWritten += written;
      const next = applyPoll(health, result) as FeedHealth;
      const stored = (await deps.healths.replace(next)) ? next : await deps.healths.get(adapter.id);
      if (isSame(stored, next)) {
        if (hasAnswered(result.outcome)) await deps.cycles.record(adapter.id, due);
        return reportOf(poll, result, recordsWritten, deps);
      }
      health = redelivered ? doubtedHealth(stored) : stored;
    }
  }
  throw new RetryableError(`the health of ${adapter.id} keeps changing`);
}

/** Writes the records; what could not be written in time makes a failure of the poll, however well upstream answered. */
async function applyJudgement(
  judged: Judgement,
  health: FeedHealth | null,
  { adapter, due, startedAt, signal }: StartedPoll,
  { records, clock }: SettlingDeps,
): Promise<{ readonly result: PollResult; readonly written: number }> {
  const writing = { adapter, due, now: clock.now, signal };
  const { written, complete } = await writeChanges(judged.changes, writing, records);
  const { changes: _, retryAt, ...counted } = complete ? judged : judgeFault(notWritten, doubtedHealth(health));
  const completedAt = Math.max(clock.now(), startedAt);
  const notBefore = notBeforeOf(adapter, due, retryAt);
  return { result: { ...counted, adapterId: adapter.id, due, startedAt, completedAt, notBefore }, written };
}

const notWritten = new UpstreamFault(
  'internal_failure',
  'INTERNAL_ERROR',
  'not all records could be written in time; the next poll goes on with the rest',
);

/**
 * Leaves things as they are, as this poll counts already. If it has written records all the same, they may be mixed with
 * those of another: then the next poll compares all of them. Answers false when health has changed meanwhile.
 */
async function supersede(health: FeedHealth, mayBeMixed: boolean, deps: SettlingDeps): Promise<boolean> {
  const { adapterId, lastSuccess, revision } = health;
  if (mayBeMixed && !(await deps.healths.replace({ ...health, ...doubtedHealth(health), revision: revision + 1 }))) {
    return false;
  }
  // Whoever wrote that health may have died before it wrote this.
  if (lastSuccess !== null) await deps.cycles.record(adapterId, lastSuccess);
  return true;
}

function doubtedHealth<Health extends FeedHealth | null>(health: Health): Health {
  return health === null ? health : { ...health, parts: doubted(health.parts) };
}

/** Also when the answer to our own write was lost, and it was refused when it was tried again. */
function isSame(stored: FeedHealth | null, next: FeedHealth): boolean {
  return stored?.revision === next.revision && stored.cycle === next.cycle && stored.completedAt === next.completedAt;
}

function reportOf(
  { due, startedAt }: StartedPoll,
  end: PollResult | 'superseded',
  recordsWritten: number,
  { clock }: SettlingDeps,
): PollReport {
  const { outcome, error } = end === 'superseded' ? { outcome: end, error: null } : end;
  const durationMs = Math.max(0, clock.now() - startedAt);
  return { outcome, code: error?.code ?? null, lagMs: startedAt - due, durationMs, recordsWritten };
}
