import type { Clock } from '../clock.ts';
import type { RunState } from './run-state.ts';
import type { RunStore } from './run-store.ts';
import type { Hand, SliceRefusal } from './slice-steps.ts';
import { type Applied, applyStep, type Step } from './step.ts';

/** A run in the hands of one slice: its writes go one after the other, each on the state that the last one left. */
export type HeldRun = {
  readonly hand: Hand;
  /** As this hand last held it: what another one is permitted since, this one is not. */
  readonly state: () => RunState;
  /** As it was last seen, whoever holds it. */
  readonly latest: () => RunState;
  readonly apply: (step: Step<SliceRefusal>) => Promise<Applied<SliceRefusal>>;
};

export function holdRun(claimed: RunState, deps: { readonly store: RunStore; readonly clock: Clock }): HeldRun {
  let state = claimed;
  let latest = claimed;
  let last: Promise<unknown> = Promise.resolve();
  return {
    hand: { epoch: claimed.epoch, attempt: claimed.attempt },
    state: () => state,
    latest: () => latest,
    apply: (step) => {
      const applied = last.then(async () => {
        const result = await applyStep(step, state, deps);
        latest = result.state;
        if (result.outcome !== 'fenced') state = latest;
        return result;
      });
      last = applied.catch(() => undefined);
      return applied;
    },
  };
}
