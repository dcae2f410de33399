import { awaitRun, executeRun } from '../../lambdas/domain/run/execute-run.ts';
import { reconcileRun } from '../../lambdas/domain/run/reconcile-run.ts';
import { type RunState, sourceCheckpoint } from '../../lambdas/domain/run/run-state.ts';
import { stopRun } from '../../lambdas/domain/run/stop-run.ts';
import { type RunWorld, WRAPPER } from '../support/run-world.ts';
import { rowOf } from './invariants.ts';
import { mend, redrivable } from './mend.ts';

const MOST_ROUNDS = 40;

/**
 * Goes on as the outside would, without further faults: the reconciler every minute, and execute until everything was
 * read; then the mapping is mended, and what was quarantined is re-driven.
 *
 * @throws when it does not get there.
 */
export async function recover(world: RunWorld): Promise<void> {
  const isMendable = world.misfits.size > 0;
  for (let round = 1; round <= MOST_ROUNDS; round += 1) {
    await world.clock.sleep(60_000);
    await reconcileRun(WRAPPER, world.control());
    const state = world.state();
    if (state.status === 'executing') {
      if (state.waitingUntil !== null && isAllRead(world, state)) await stopRun(WRAPPER, world.control());
      continue;
    }
    if (!isAllRead(world, state)) {
      await execute(world, `recovery-${round}`, 'checkpoint');
      continue;
    }
    if (isMendable) await mend(world);
    const redrives = redrivable(world)[0];
    if (redrives === undefined) return;
    await execute(world, `recovery-${round}`, { redrives });
  }
  throw new Error(`I6: not completed after ${MOST_ROUNDS} minutes: ${JSON.stringify(world.state())}`);
}

async function execute(
  world: RunWorld,
  requestId: string,
  from: 'checkpoint' | { readonly redrives: number },
): Promise<void> {
  const control = world.control();
  const begun = await executeRun(WRAPPER, { requestId, from }, control);
  await awaitRun(begun, begun.run?.epoch ?? 0, world.clock.now() + 25_000, control);
}

function isAllRead({ source }: RunWorld, state: RunState): boolean {
  const { exhausted } = sourceCheckpoint(state);
  return exhausted && rowOf(state) === source.rows && (state.setAside ?? state).pending === null;
}
