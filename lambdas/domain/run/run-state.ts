import type { FailureKind } from '../errors.ts';
import type { Position } from '../source.ts';
import type { RunOutcome } from './run-outcome.ts';
import { noSettledRuns, type SettledRuns } from './settled-runs.ts';
import { noTally, type Tally } from './tally.ts';

export type WrapperStatus = 'pending' | 'executing' | 'stopped' | 'completed' | 'error';
export type Mode = 'once' | 'continuous';
export type Phase = 'historical' | 'continuous';

/** A saved position. `seq` grows with every commit and never starts again, so it also names a checkpoint. */
export type Checkpoint = {
  readonly seq: number;
  /** Grows whenever reading starts over; positions are only comparable within one lineage. */
  readonly lineage: number;
  /** The lineage whose reading plan counts: its own, or for a replay the one that it goes back to. */
  readonly plan: number;
  /** Null: the beginning. */
  readonly position: Position | null;
  /** Everything up to here was delivered and the source had no more. */
  readonly exhausted: boolean;
  readonly phase: Phase | null;
  readonly highWaterMark: string | null;
  readonly lowWaterMark: string | null;
  readonly updatedAt: number | null;
};

/** A batch whose bounds are pinned before it is sent: until it is committed, it is this batch that is sent again. */
export type PendingBatch = { readonly batchId: string; readonly from: Position | null; readonly to: Position };

/** How long things may take, in milliseconds. */
export type Timing = {
  /** A run counts as alive this long after its last sign of life. */
  readonly leaseMs: number;
  /** T: how long one permit to send lasts. */
  readonly sendMs: number;
  /** Largest clock difference between two functions that must do no harm. */
  readonly marginMs: number;
};

/** Absolute numbers, never increments: writing them twice changes nothing. */
export type RunCounts = {
  readonly recordsRead: number;
  /** Acknowledged by the destination. */
  readonly dataPointsSent: number;
  readonly quarantined: number;
  readonly batches: number;
  readonly bytesSent: number;
  /** What the destination's service charges for the batches it has, in billionths of a dollar. */
  readonly fees: number;
  readonly slices: number;
  /** Milliseconds that slices have worked, not those that the run rested in between. */
  readonly busyMs: number;
};

/** How a run ended, and when. */
export type RunEnd = { readonly outcome: RunOutcome; readonly endedAt: number | null };

/** Since when, and why then. */
export type Outage = { readonly since: number; readonly reason: string };

/** The current run, or the last one. */
export type Run = {
  readonly executionId: string;
  readonly epoch: number;
  /** Executions that this run was handed over from; the current one is named after it. */
  readonly handover: number;
  /** Names the request that began it: an answer that was lost on the way is recognised by it. */
  readonly requestId: string;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly outcome: RunOutcome;
  /** How the run before it ended: what health goes by while this one has never started. */
  readonly before: RunEnd | null;
  readonly failure: { readonly kind: FailureKind; readonly message: string } | null;
  readonly counts: RunCounts;
  /** The checkpoint's `seq` after this run's last commit. */
  readonly lastSeq: number;
  /** When a continuous run had first delivered all there was. */
  readonly caughtUpAt: number | null;
  /** Memory of the function that its slices run in; 0 before the first. */
  readonly memoryMb: number;
  /** When the present slice began; null while the run rests. */
  readonly busySince: number | null;
  /** How the source is read, for people. */
  readonly notes: readonly string[];
  /** The epoch of the run whose quarantine this one re-drives; null: it reads the source. */
  readonly redrives: number | null;
};

/**
 * All that decides about a wrapper, in one item: every step of the run protocol is one conditional write of it,
 * and health is one read (docs/architecture.md, "The run protocol"). Instants are milliseconds since the epoch.
 */
export type RunState = {
  readonly wrapperId: string;
  /** Compare-and-swap: a write succeeds only on the version it was computed from. */
  readonly version: number;
  readonly definitionId: string;
  readonly mode: Mode;
  readonly intervalSeconds: number;
  readonly stallAfterSeconds: number | null;
  readonly status: WrapperStatus;
  readonly errorMessage: string | null;
  /** One per run, and one more whenever a run is ended from outside: what carries an older one is fenced. */
  readonly epoch: number;
  /** One per claim: of two live invocations of the same slice only the later may go on. */
  readonly attempt: number;
  readonly stopRequested: boolean;
  readonly leaseUntil: number | null;
  /** The permit of the present claim: its send of the pending batch does not go on beyond this instant. */
  readonly sendUntil: number | null;
  /** Permits of claims that were fenced since: their invocations may still be sending until then. */
  readonly strayUntil: number | null;
  readonly waitingUntil: number | null;
  /** Source or destination are out of reach, and the run waits for them. */
  readonly outage: Outage | null;
  /** Since when the upstream has kept asking to come back later; null: it does not. */
  readonly throttledSince: number | null;
  readonly pending: PendingBatch | null;
  readonly checkpoint: Checkpoint;
  /** While a quarantine is being re-driven: where the source itself stands, untouched until that is over. */
  readonly setAside: Pick<RunState, 'checkpoint' | 'pending'> | null;
  /** Of the present lineage and definition. */
  readonly tally: Tally;
  readonly lastCommitId: string | null;
  readonly dataPointsCount: number;
  readonly lastDataSent: number | null;
  /** Last sign that the work gets on: data acknowledged, or a successful look that found nothing new. */
  readonly lastProgressAt: number | null;
  /** Since when the pending batch has been refused or unanswered; null: all well. */
  readonly failingSince: number | null;
  readonly recentErrorAt: number | null;
  readonly recentError: string | null;
  readonly quarantinedAt: number | null;
  readonly run: Run | null;
  /** The last run's record and log entry are written. Unsettled wrappers are found by the reconciler. */
  readonly settled: boolean;
  readonly settledRuns: SettledRuns;
  /** Being deleted: shown as unknown, purged by the reconciler if need be. */
  readonly deleted: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
};

export const noCounts: RunCounts = {
  recordsRead: 0,
  dataPointsSent: 0,
  quarantined: 0,
  batches: 0,
  bytesSent: 0,
  fees: 0,
  slices: 0,
  busyMs: 0,
};

const beginning: Checkpoint = {
  seq: 0,
  lineage: 1,
  plan: 1,
  position: null,
  exhausted: false,
  phase: null,
  highWaterMark: null,
  lowWaterMark: null,
  updatedAt: null,
};

/** What a wrapper's definition decides about its runs. */
export type RunSettings = Pick<RunState, 'definitionId' | 'mode' | 'intervalSeconds' | 'stallAfterSeconds'>;

export function newRunState(wrapperId: string, settings: RunSettings, now: number): RunState {
  return {
    wrapperId,
    version: 0,
    ...settings,
    status: 'pending',
    errorMessage: null,
    epoch: 0,
    attempt: 0,
    stopRequested: false,
    leaseUntil: null,
    sendUntil: null,
    strayUntil: null,
    waitingUntil: null,
    outage: null,
    throttledSince: null,
    pending: null,
    checkpoint: beginning,
    setAside: null,
    tally: noTally,
    lastCommitId: null,
    dataPointsCount: 0,
    lastDataSent: null,
    lastProgressAt: null,
    failingSince: null,
    recentErrorAt: null,
    recentError: null,
    quarantinedAt: null,
    run: null,
    settled: true,
    settledRuns: noSettledRuns,
    deleted: false,
    createdAt: now,
    updatedAt: now,
  };
}

export function executionIdOf(wrapperId: string, epoch: number): string {
  return `${wrapperId}-${epoch}`;
}

/** How far the source has been delivered, whatever else the present run does. */
export function sourceCheckpoint({ checkpoint, setAside }: RunState): Checkpoint {
  return setAside?.checkpoint ?? checkpoint;
}

/** Names a checkpoint for people and for `?from=`. */
export function checkpointId(checkpoint: Checkpoint): string {
  return `cp-${checkpoint.seq}`;
}
