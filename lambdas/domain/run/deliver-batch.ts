import type { Clock } from '../clock.ts';
import type { Accepted, Delivery, Destination, OutgoingBatch } from '../destination.ts';
import { RunFailure } from '../errors.ts';
import type { HeldRun } from './held-run.ts';
import type { PendingBatch, RunState, Timing } from './run-state.ts';
import { noteError, permit, type SliceRefusal } from './slice-steps.ts';

export type DeliverDeps = {
  readonly destination: Destination;
  readonly clock: Clock;
  readonly timing: Timing;
  readonly random: () => number;
  /** Whether another attempt after a pause would still end within the slice. */
  readonly fits: (pauseMs: number) => boolean;
};

export type Delivered =
  | Accepted
  /** To be tried again at that instant, by another slice. */
  | { readonly outcome: 'later'; readonly until: number }
  | { readonly outcome: SliceRefusal };

/** Before the first point the caller of execute is waiting for an answer; later a destination may take its time. */
const FIRST_PATIENCE_MS = 10_000;
const PATIENCE_MS = 120_000;
/** While an outage is waited out between slices: one attempt, as long as a permit. */
const OUTAGE_PATIENCE_MS = 15_000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 15_000;
/** The request is cut off this long before its permit ends, so that no byte leaves after it. */
const CUT_OFF_MS = 250;

/**
 * Sends a permitted batch until it is accepted, refused, or patience is at its end. Every further attempt needs a new
 * permit, so a stop takes effect between any two of them; every attempt is the same bytes under the same ids.
 *
 * @throws RunFailure when the destination refuses the batch or stays unreachable.
 */
export async function deliverBatch(
  batch: OutgoingBatch,
  bounds: PendingBatch,
  run: HeldRun,
  ended: AbortSignal,
  deps: DeliverDeps,
): Promise<Delivered> {
  const since = deps.clock.now();
  for (let failures = 0; ; failures += 1) {
    const delivery = await attempt(batch, run.state(), since, ended, deps);
    if (ended.aborted) return { outcome: 'fenced' };
    if (delivery.outcome === 'accepted') return delivery;
    if (delivery.outcome === 'refused') throw new RunFailure('failed', delivery.reason);
    const pause = pauseOf(delivery, failures, deps.random);
    const until = deps.clock.now() + pause;
    // A destination that names a time to come back is waited for: patience counts from then on.
    const isAsked = askedMs(delivery) > 0 && hasSent(run.state());
    const noted = await run.apply(noteError(run.hand, delivery.reason, isAsked ? until : since, deps.timing, isAsked));
    if (noted.outcome !== 'applied') return { outcome: noted.outcome };
    if (until > patienceEnd(noted.state, since)) {
      throw new RunFailure('failed', delivery.reason, { mayMend: true });
    }
    if (pause > LONGEST_PAUSE_MS || !deps.fits(pause)) return { outcome: 'later', until };
    await deps.clock.sleep(pause, ended);
    const again = await run.apply(permit(run.hand, bounds, deps.timing));
    if (again.outcome !== 'applied') return { outcome: again.outcome };
  }
}

/** One attempt, cut off before its permit ends. */
async function attempt(
  batch: OutgoingBatch,
  state: RunState,
  since: number,
  ended: AbortSignal,
  deps: DeliverDeps,
): Promise<Delivery> {
  const until = Math.min((state.sendUntil ?? 0) - CUT_OFF_MS, patienceEnd(state, since));
  const left = until - deps.clock.now();
  if (left <= 0 || ended.aborted) return { outcome: 'retryable', reason: 'the destination did not answer in time' };
  const cutOff = new AbortController();
  const timer = new AbortController();
  const stop = () => cutOff.abort();
  ended.addEventListener('abort', stop, { once: true });
  void deps.clock.sleep(left, timer.signal).then(() => {
    if (!timer.signal.aborted) cutOff.abort();
  });
  try {
    const delivery = await deps.destination.send(batch, cutOff.signal);
    return cutOff.signal.aborted && delivery.outcome !== 'accepted'
      ? { outcome: 'retryable', reason: 'Connection timeout: the destination did not answer in time' }
      : delivery;
  } finally {
    timer.abort();
    ended.removeEventListener('abort', stop);
  }
}

function patienceEnd(state: RunState, since: number): number {
  return (state.failingSince ?? since) + patienceMs(state);
}

function patienceMs(state: RunState): number {
  if (state.outage) return OUTAGE_PATIENCE_MS;
  return hasSent(state) ? PATIENCE_MS : FIRST_PATIENCE_MS;
}

function hasSent(state: RunState): boolean {
  return (state.run?.counts.dataPointsSent ?? 0) > 0;
}

/** Exponential with full jitter; longer where the destination asks for it, never shorter. */
function pauseOf(delivery: Delivery, failures: number, random: () => number): number {
  const usual = Math.min(FIRST_PAUSE_MS * 2 ** failures, LONGEST_PAUSE_MS) * (0.5 + random() / 2);
  return Math.max(usual, askedMs(delivery));
}

/** Milliseconds that the destination asks to be left alone; 0 for a time that has passed, too. */
function askedMs(delivery: Delivery): number {
  return delivery.outcome === 'retryable' ? (delivery.retryAfterMs ?? 0) : 0;
}
