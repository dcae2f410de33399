import type { FeedHealth, PartState } from './feed-health.ts';
import type { PollOutcome } from './upstream-fault.ts';

/** What came of one poll. All instants in milliseconds since the epoch. */
export type PollResult = {
  readonly adapterId: string;
  /** When it was due: its identity, and the instant that counts as its cycle. */
  readonly due: number;
  readonly startedAt: number;
  readonly completedAt: number;
  readonly outcome: PollOutcome;
  /** For people and for machines; null exactly for `success`. */
  readonly error: { readonly message: string; readonly code: string } | null;
  /** How long upstream took to answer; null unless it did. */
  readonly latencyMs: number | null;
  readonly notBefore: number | null;
  /** As they are to be known from now on. */
  readonly parts: Readonly<Record<string, PartState>>;
};

/** Weight of the newest latency in the mean. */
const NEWEST = 0.2;

/**
 * The health of a feed after a poll; null when it says nothing new, because this poll or a later one is in it already:
 * however often and in whatever order results come, each counts once and none takes anything back.
 */
export function applyPoll(stored: FeedHealth | null, result: PollResult): FeedHealth | null {
  if (stored !== null && result.due <= stored.cycle) return null;
  const { adapterId, due, startedAt, completedAt, outcome, error, notBefore, parts } = result;
  const answered = hasAnswered(outcome);
  return {
    adapterId,
    revision: (stored?.revision ?? 0) + 1,
    cycle: due,
    lastSuccess: answered ? due : (stored?.lastSuccess ?? null),
    consecutiveFailures: answered ? 0 : (stored?.consecutiveFailures ?? 0) + 1,
    // What was stored, or sent, before polls were counted has no numbers.
    completedPolls: (stored?.completedPolls ?? 0) + (answered ? 1 : 0),
    failedPolls: (stored?.failedPolls ?? 0) + (answered ? 0 : 1),
    lastError: error?.message ?? null,
    lastErrorCode: error?.code ?? null,
    recordCount: answered ? recordsIn(parts) : (stored?.recordCount ?? 0),
    averageLatencyMs: answered ? meanOf(stored, result) : (stored?.averageLatencyMs ?? null),
    startedAt,
    completedAt,
    outcome,
    notBefore,
    parts,
  };
}

/** Whether a poll counts as one that completed: all of the feed was read, or what upstream had of it. */
export function hasAnswered(outcome: PollOutcome): boolean {
  return outcome === 'success' || outcome === 'partial_success';
}

function recordsIn(parts: PollResult['parts']): number {
  return Object.values(parts).reduce((sum, { records }) => sum + records, 0);
}

function meanOf(stored: FeedHealth | null, { latencyMs }: PollResult): number | null {
  const before = stored?.averageLatencyMs ?? null;
  if (latencyMs === null || before === null) return latencyMs === null ? before : Math.round(latencyMs);
  return Math.round(before + NEWEST * (latencyMs - before));
}
