import type { Clock } from '../clock.ts';
import type { RunState } from './run-state.ts';
import type { RunStore } from './run-store.ts';
import type { Hand, SliceRefusal } from './slice-steps.ts';
import { type Applied, applyStep, type Step } from './step.ts';

/** A run in the hands of one slice: its writes go one after the other, each on the state that the last one left. */
export type HeldRun = {
  readonly hand: Hand;
  readonly state: () => RunState;
  readonly apply: (step: Step<SliceRefusal>) => Promise<Applied<SliceRefusal>>;
};

export function holdRun(claimed: RunState, deps: { readonly store: RunStore; readonly clock: Clock }): HeldRun {
  let state = claimed;
  let last: Promise<unknown> = Promise.resolve();
  return {
    hand: { epoch: claimed.epoch, attempt: claimed.attempt },
    state: () => state,
    apply: (step) => {
      const applied = last.then(async () => {
        const result = await applyStep(step, state, deps);
        state = result.state;
        return result;
      });
      last = applied.catch(() => undefined);
      return applied;
    },
  };
}
