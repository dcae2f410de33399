import { awaitRun, executeRun } from '../../lambdas/domain/run/execute-run.ts';
import { buryRun, type ReconcileDeps, reconcileRun } from '../../lambdas/domain/run/reconcile-run.ts';
import { stopRun } from '../../lambdas/domain/run/stop-run.ts';
import type { ExecutionStatus, MemoryExecution } from '../support/memory-executions.ts';
import { type RunWorld, WRAPPER } from '../support/run-world.ts';
import type { Watch } from './invariants.ts';
import { mend, redrivable } from './mend.ts';
import type { Act, Schedule } from './schedule.ts';

/** How long whoever executes waits for the result. */
const PATIENCE_MS = 25_000;

/** What people and services do to the wrapper of a world, each time with a function of its own. */
export function actsOf(
  world: RunWorld,
  watch: Watch,
  control: () => ReconcileDeps,
): Readonly<Record<Act, () => Promise<unknown>>> {
  let requests = 0;

  async function execute(from: 'checkpoint' | { readonly redrives: number } = 'checkpoint'): Promise<void> {
    requests += 1;
    const deps = control();
    const begun = await executeRun(WRAPPER, { requestId: `request-${requests}`, from }, deps);
    await awaitRun(begun, begun.run?.epoch ?? 0, deps.clock.now() + PATIENCE_MS, deps);
  }

  async function stop(): Promise<void> {
    const stopped = watch.stopping();
    const outcome = await stopRun(WRAPPER, control());
    if (outcome === 'stopped' || outcome === 'was-not-executing') stopped();
  }

  return {
    execute,
    stop,
    're-drive quarantine': async () => {
      const redrives = redrivable(world).at(-1);
      if (redrives !== undefined) await execute({ redrives });
    },
    'mend the mapping': () => mend(world),
    reconcile: () => reconcileRun(WRAPPER, control()),
    'abort the execution': async () => {
      const running = latest(world, ['RUNNING']);
      if (running) world.executions.end(running, 'ABORTED');
    },
    're-drive an execution': async () => {
      const ended = latest(world, ['FAILED', 'ABORTED']);
      if (ended) world.executions.redrive(ended);
    },
    'let the source grow': async () => {
      if (world.source.grows) world.source.rows += 2;
    },
  };
}

/** Lets events tell of executions that ended badly: late, twice or not at all. */
export function tellEnds({ events }: Schedule, world: RunWorld, control: () => ReconcileDeps): void {
  let ends = 0;
  world.executions.onEnd = ({ ref, status }) => {
    if (status === 'SUCCEEDED') return;
    const delays = events[ends] ?? [0];
    ends += 1;
    for (const delayMs of delays) {
      void world.clock
        .sleep(delayMs)
        .then(() => buryRun(ref, status, control()))
        .catch(() => undefined);
    }
  };
}

function latest({ executions }: RunWorld, statuses: readonly ExecutionStatus[]): MemoryExecution | undefined {
  return [...executions.all.values()].findLast(({ status }) => statuses.includes(status));
}
