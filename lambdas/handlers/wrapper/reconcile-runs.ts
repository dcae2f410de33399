import { parseExecutionName, type ReconcileEvent } from '../../contracts/payloads.ts';
import { buryRun, type ReconcileDeps } from '../../domain/run/reconcile-run.ts';
import { sweepRuns } from '../../domain/run/sweep-runs.ts';
import { readEnv } from '../../platform/env.ts';
import { logger } from '../../platform/logger.ts';
import { runControl } from '../../platform/run-control.ts';
import { measureSweep } from '../../platform/run-metrics.ts';
import { beating } from '../../platform/status/beating.ts';
import { wrapperStore } from '../../platform/wrappers/wrapper-store.ts';

const env = readEnv('reconcileRuns');
const store = wrapperStore(env.WRAPPERS_TABLE);
const deps: ReconcileDeps = {
  ...runControl(env, store),
  async purge(wrapperId) {
    await store.history.purge(wrapperId);
    await store.states.delete(wrapperId);
  },
};

/** Every minute: all unfinished wrappers. On the event of an execution's end: the one it is about. */
export const handler = beating('reconcileRuns', async (event: ReconcileEvent): Promise<void> => {
  if (!event.detail) return sweep();
  const ended = parseExecutionName(event.detail.name);
  if (ended) await buryRun(ended, event.detail.status, deps);
});

async function sweep(): Promise<void> {
  const { verdicts, troubled } = await sweepRuns({
    ...deps,
    onLook: (wrapper_id, health, outcome) => {
      if (outcome !== 'nothing') logger.info('reconciled', { wrapper_id, outcome });
      // Metrics name no wrapper, so an alarm is followed up in here.
      if (health === 'CRASHED' || health === 'STALLED') logger.warn('unhealthy', { wrapper_id, health });
    },
    onTrouble: (wrapper_id, error) => logger.error('reconciling failed', { wrapper_id, error: error as Error }),
  });
  measureSweep(verdicts);
  if (troubled > 0) throw new Error(`${troubled} wrappers could not be reconciled`);
}
