import { parseExecutionName, type ReconcileEvent } from '../../contracts/payloads.ts';
import { buryRun, type ReconcileDeps, reconcileRun } from '../../domain/run/reconcile-run.ts';
import { readEnv } from '../../platform/env.ts';
import { logger } from '../../platform/logger.ts';
import { runControl } from '../../platform/run-control.ts';
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
export async function handler(event: ReconcileEvent): Promise<void> {
  if (!event.detail) return sweep();
  const ended = parseExecutionName(event.detail.name);
  if (ended) await buryRun(ended, event.detail.status, deps);
}

async function sweep(): Promise<void> {
  let failures = 0;
  for await (const wrapperId of store.states.unfinished()) {
    try {
      const outcome = await reconcileRun(wrapperId, deps);
      if (outcome !== 'nothing') logger.info('reconciled', { wrapper_id: wrapperId, outcome });
    } catch (error) {
      // One wrapper in trouble must not keep the others from being looked at.
      failures += 1;
      logger.error('reconciling failed', { wrapper_id: wrapperId, error: error as Error });
    }
  }
  if (failures > 0) throw new Error(`${failures} wrappers could not be reconciled`);
}
