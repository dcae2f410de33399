import type { Clock } from '../clock.ts';
import { RetryableError } from '../errors.ts';
import type { RunState } from './run-state.ts';
import type { RunStore } from './run-store.ts';

/**
 * What a step makes of the stored state: a new one to be saved, nothing to do because it is done already
 * (an answer was lost on the way), or no, with the reason.
 */
export type Decision<Refusal extends string> =
  | { readonly outcome: 'apply'; readonly state: RunState }
  | { readonly outcome: 'already'; readonly state: RunState }
  | { readonly outcome: Refusal; readonly state: RunState };

/** A step of the run protocol: a pure function of the stored state and the time. */
export type Step<Refusal extends string> = (state: RunState, now: number) => Decision<Refusal>;

export type Applied<Refusal extends string> =
  | { readonly outcome: 'applied'; readonly state: RunState }
  | { readonly outcome: Refusal; readonly state: RunState };

export function apply(state: RunState): { outcome: 'apply'; state: RunState } {
  return { outcome: 'apply', state };
}

export function refuse<Refusal extends string>(
  outcome: Refusal,
  state: RunState,
): { outcome: Refusal; state: RunState } {
  return { outcome, state };
}

/** Writers of one wrapper are few (a slice, its lease, a stop): losing this often means that something is wrong. */
const MOST_TRIES = 20;

/**
 * Applies a step by compare-and-swap. When the swap fails, someone else wrote, or our own write succeeded and its
 * answer was lost: either way the step is computed again on what is stored, so only steps that hold there go through.
 */
export async function applyStep<Refusal extends string>(
  step: Step<Refusal>,
  known: RunState,
  deps: { readonly store: RunStore; readonly clock: Clock },
): Promise<Applied<Refusal>> {
  let state = known;
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const now = deps.clock.now();
    const decision = step(state, now);
    if (decision.outcome === 'already') return { outcome: 'applied', state: decision.state };
    if (decision.outcome !== 'apply') return decision as Applied<Refusal>;
    const next = { ...decision.state, updatedAt: now };
    if (await deps.store.save(next)) return { outcome: 'applied', state: { ...next, version: next.version + 1 } };
    const stored = await deps.store.load(state.wrapperId);
    // A wrapper that is gone looks like one being deleted: every step knows how to refuse that.
    state = stored ?? { ...state, status: 'pending', deleted: true, epoch: state.epoch + 1 };
  }
  throw new RetryableError(`the state of wrapper ${known.wrapperId} kept changing`);
}
