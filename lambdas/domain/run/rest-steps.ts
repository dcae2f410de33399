import { rested } from './run-changes.ts';
import type { Timing } from './run-state.ts';
import { type Hand, holds, type SliceRefusal } from './slice-steps.ts';
import { apply, refuse, type Step } from './step.ts';

/** Between two tries during an outage, unless the wrapper's interval is longer. */
const LONGEST_PAUSE_MS = 15 * 60_000;

/** Why a run rests: everything there is was delivered, the upstream asked for it, or the destination did. */
export type Rest = 'caught-up' | 'throttled' | 'refused';

/** Rests until an instant. */
export function wait(hand: Hand, until: number, because: Rest, timing: Timing): Step<SliceRefusal> {
  return (state, now) => {
    if (!holds(state, hand)) return refuse('fenced', state);
    if (state.stopRequested) return refuse('stopping', state);
    const run = rested(state, now);
    const resting = { ...state, run, waitingUntil: until, leaseUntil: until + timing.leaseMs };
    if (because === 'throttled') return apply({ ...resting, throttledSince: state.throttledSince ?? now });
    if (because === 'refused') return apply(resting);
    return apply({
      ...resting,
      outage: null,
      throttledSince: null,
      lastProgressAt: now,
      checkpoint: { ...state.checkpoint, exhausted: true },
      run: { ...run, caughtUpAt: run.caughtUpAt ?? now },
    });
  };
}

/**
 * Rests because source or destination are out of reach: for the wrapper's interval, then each time as long as the outage
 * has lasted. The next try begins with patience anew; the outage ends with the first batch, or look, that succeeds.
 */
export function waitOut(hand: Hand, reason: string, timing: Timing): Step<SliceRefusal> {
  return (state, now) => {
    if (!holds(state, hand)) return refuse('fenced', state);
    if (state.stopRequested) return refuse('stopping', state);
    const outage = state.outage ?? { since: now, reason };
    const pause = Math.max(state.intervalSeconds * 1000, Math.min(now - outage.since, LONGEST_PAUSE_MS));
    const until = now + pause;
    return apply({
      ...state,
      run: rested(state, now),
      outage,
      waitingUntil: until,
      leaseUntil: until + timing.leaseMs,
      failingSince: null,
      throttledSince: null,
      recentErrorAt: now,
      recentError: reason,
    });
  };
}
