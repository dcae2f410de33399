import type { Clock } from '../../lambdas/domain/clock.ts';
import { declareLost } from '../../lambdas/domain/run/control-steps.ts';
import type { ExecutionRef } from '../../lambdas/domain/run/executions.ts';
import { handOverRun } from '../../lambdas/domain/run/hand-over-run.ts';
import { runSlice, type SliceEnd } from '../../lambdas/domain/run/run-slice.ts';
import { settleRun } from '../../lambdas/domain/run/settle-run.ts';
import { applyStep } from '../../lambdas/domain/run/step.ts';
import type { MemoryExecution } from './memory-executions.ts';
import type { RunWorld } from './run-world.ts';
import { soundWire, type Wire } from './wire.ts';

export type MachineOptions = {
  /** The wire and the clock of the next function that is invoked. */
  readonly nextFunction?: () => { readonly wire: Wire; readonly clock: Clock };
  /** Whether the next slice is invoked twice at the same time, as a retry of a call that still goes on does. */
  readonly twice?: () => boolean;
  readonly sliceLifetimeMs?: number;
  readonly handoverAfter?: number;
};

const MOST_RETRIES = 3;
const RETRY_PAUSE_MS = 2_000;
const FENCED_PAUSE_MS = 30_000;

/** Lets the executions of a world carry their runs, as the state machine in `lib/wrapper/state-machine.ts` does. */
export function runMachine(world: RunWorld, options: MachineOptions = {}): void {
  const { clock } = world;
  const { twice = () => false, sliceLifetimeMs = 60_000, handoverAfter = 1000 } = options;
  const nextFunction = options.nextFunction ?? (() => ({ wire: soundWire, clock }));
  world.executions.carry = (ref, execution) => void carry(ref, execution);

  async function carry(ref: ExecutionRef, execution: MemoryExecution): Promise<void> {
    let failures = 0;
    for (let slices = 1; execution.status === 'RUNNING'; slices += 1) {
      let end: SliceEnd;
      try {
        if (twice()) void invoke(ref).catch(() => undefined);
        end = await inTime(invoke(ref));
        failures = 0;
      } catch (error) {
        failures += 1;
        if (failures > MOST_RETRIES) return recordCrash(ref, execution, error);
        await clock.sleep(RETRY_PAUSE_MS);
        continue;
      }
      if (end.outcome === 'wait') await clock.sleep(end.until - clock.now());
      else if (end.outcome === 'fenced') await clock.sleep(FENCED_PAUSE_MS);
      if (end.outcome !== 'more' && end.outcome !== 'wait')
        return finish(execution, end.outcome === 'failed' ? 'FAILED' : 'SUCCEEDED');
      const isResting = end.outcome === 'wait' && end.forStop;
      if (slices >= handoverAfter && !isResting) return handOn(ref, execution);
    }
  }

  function invoke({ wrapperId, epoch }: ExecutionRef): Promise<SliceEnd> {
    return runSlice({ wrapperId, epoch }, world.invocation({ ...nextFunction(), lifetimeMs: sliceLifetimeMs }));
  }

  /** A task that takes longer than its function may has timed out; the function itself may still be going on. */
  async function inTime(running: Promise<SliceEnd>): Promise<SliceEnd> {
    running.catch(() => undefined);
    const tooLate = clock.sleep(sliceLifetimeMs + 10_000).then(() => {
      throw new Error('States.Timeout');
    });
    return Promise.race([running, tooLate]);
  }

  async function handOn(ref: ExecutionRef, execution: MemoryExecution): Promise<void> {
    if ((await handOverRun(ref, world.control())) === 'fenced') await clock.sleep(FENCED_PAUSE_MS);
    finish(execution, 'SUCCEEDED');
  }

  async function recordCrash(ref: ExecutionRef, execution: MemoryExecution, error: unknown): Promise<void> {
    const message = `The run ended unexpectedly: ${String(error)}`;
    const lost = await applyStep(declareLost(ref.epoch, message), world.state(), world.control());
    await settleRun(lost.state, world.control());
    finish(execution, 'FAILED');
  }
}

function finish(execution: MemoryExecution, status: MemoryExecution['status']): void {
  if (execution.status === 'RUNNING') execution.status = status;
}
