import type { StartFrom } from './control-steps.ts';
import type { RunState } from './run-state.ts';
import type { RunHistory } from './run-store.ts';

/** A replay gets a lineage of its own, read by the plan of the lineage it goes back to. */
export async function keepPlan(state: RunState, from: StartFrom, history: RunHistory): Promise<void> {
  if (typeof from === 'string') return;
  const plan = await history.loadPlan(state.wrapperId, from.lineage);
  if (plan) await history.pinPlan(state.wrapperId, state.checkpoint.lineage + 1, plan);
}
