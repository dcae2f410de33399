import { awaitRun, executeRun } from '../../lambdas/domain/run/execute-run.ts';
import { reconcileRun } from '../../lambdas/domain/run/reconcile-run.ts';
import { type RunWorld, WRAPPER } from './run-world.ts';

const MOST_ROUNDS = 30;

/**
 * Goes on as the outside would, without further faults: the reconciler every minute, and execute until it completes.
 * @throws when it does not get there.
 */
export async function recover(world: RunWorld): Promise<void> {
  const control = world.control();
  for (let round = 1; round <= MOST_ROUNDS; round += 1) {
    await world.clock.sleep(60_000);
    await reconcileRun(WRAPPER, control);
    if (world.state().status === 'executing') continue;
    if (world.state().status === 'completed') return;
    const begun = await executeRun(WRAPPER, { requestId: `recovery-${round}`, from: 'checkpoint' }, control);
    await awaitRun(begun, begun.run?.epoch ?? 0, world.clock.now() + 25_000, control);
  }
  throw new Error(`not completed after ${MOST_ROUNDS} minutes: ${JSON.stringify(world.state())}`);
}
