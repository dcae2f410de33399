import type { Clock } from '../clock.ts';
import type { HeldRun } from './held-run.ts';
import type { SliceRefusal } from './slice-steps.ts';

export type SliceEnd =
  | { readonly outcome: 'more' | 'finished' | 'fenced' | 'failed' }
  | { readonly outcome: 'wait'; readonly until: number };

/** A slice that finds a stop under way leaves its execution resting, for the stop to abort. */
const STOPPING_REST_MS = 60_000;

/**
 * Fenced by a later invocation of the same slice, this execution still carries the run: it comes back when that one
 * has ended or died. Only a run that is no longer this execution's is let go.
 */
export function fencedEnd(held: HeldRun): SliceEnd {
  const { status, leaseUntil } = held.latest();
  const goesOn = status === 'executing' && isOvertaken(held);
  return goesOn && leaseUntil !== null ? { outcome: 'wait', until: leaseUntil } : { outcome: 'fenced' };
}

/** Whether a fenced slice was taken for dead: its run was given to a later invocation, or given up. */
export function hasLostLease(held: HeldRun): boolean {
  const { run } = held.latest();
  const outcome = run?.epoch === held.hand.epoch ? run.outcome : run?.before?.outcome;
  return isOvertaken(held) || outcome === 'lost';
}

function isOvertaken({ hand, latest }: HeldRun): boolean {
  const { epoch, attempt } = latest();
  return epoch === hand.epoch && attempt > hand.attempt;
}

/** What follows from a refused step. */
export function refusedEnd(refusal: SliceRefusal, deps: { readonly clock: Clock }): SliceEnd {
  return refusal === 'stopping'
    ? { outcome: 'wait', until: deps.clock.now() + STOPPING_REST_MS }
    : { outcome: 'fenced' };
}
