import { configure } from '../../lambdas/domain/run/control-steps.ts';
import { applyStep } from '../../lambdas/domain/run/step.ts';
import { type RunWorld, settings } from '../support/run-world.ts';

/**
 * Mends the mapping, so that what did not fit does now. Only between runs, and when nothing is to be sent again: that
 * would come a second time, as the changed definition makes it.
 */
export async function mend(world: RunWorld): Promise<void> {
  const state = world.state();
  if (state.pending !== null) return;
  const { definitionId, mode, intervalSeconds } = state;
  const mended = { ...settings, mode, intervalSeconds, definitionId: 'd-2' };
  const changed = await applyStep(configure(mended, { definitionId, anotherSource: false }), state, world.control());
  if (changed.outcome === 'applied') world.misfits = new Set();
}

/** Epochs of the runs in whose quarantine there is anything that fits by now. */
export function redrivable({ history, source, misfits }: RunWorld): readonly number[] {
  const epochs = new Set<number>();
  for (const [key, { row, seq }] of history.quarantined) {
    const epoch = Number(key.split(':')[0]);
    const fits = !source.rejected.has(row) && !misfits.has(row);
    if (fits && seq < (history.runs.get(epoch)?.lastSeq ?? 0)) epochs.add(epoch);
  }
  return [...epochs];
}
