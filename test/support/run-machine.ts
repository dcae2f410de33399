import type { ExecutionRef } from '../../lambdas/domain/run/executions.ts';
import { handOverRun } from '../../lambdas/domain/run/hand-over-run.ts';
import { recordCrash } from '../../lambdas/domain/run/record-crash.ts';
import { runSlice } from '../../lambdas/domain/run/run-slice.ts';
import type { SliceEnd } from '../../lambdas/domain/run/slice-end.ts';
import type { MemoryExecution } from './memory-executions.ts';
import type { FunctionOptions, RunWorld } from './run-world.ts';

export type MachineOptions = {
  /** What the next function that is invoked works with. */
  readonly nextFunction?: () => FunctionOptions;
  /** Whether the next slice is invoked twice at the same time, as a retry of a call that still goes on does. */
  readonly twice?: () => boolean;
  readonly sliceLifetimeMs?: number;
  readonly handoverAfter?: number;
};

const MOST_RETRIES = 3;
const RETRY_PAUSE_MS = 2_000;
const FENCED_PAUSE_MS = 30_000;
/** Of the functions that only write a little. */
const CONTROL_LIFETIME_MS = 30_000;

/** Lets the executions of a world carry their runs, as the state machine in `lib/wrapper/state-machine.ts` does. */
export function runMachine(world: RunWorld, options: MachineOptions = {}): void {
  const { clock, executions } = world;
  const { nextFunction = (): FunctionOptions => ({}), twice = () => false } = options;
  const { sliceLifetimeMs = 60_000, handoverAfter = 1000 } = options;
  executions.carry = (execution) => void carry(execution);

  async function carry(execution: MemoryExecution): Promise<void> {
    try {
      executions.end(execution, await sliceAfterSlice(execution));
    } catch (error) {
      // What can't be recorded either is left to the reconciler.
      await retried(() => recordCrash(execution.ref, String(error), control()), CONTROL_LIFETIME_MS).catch(() => 0);
      executions.end(execution, 'FAILED');
    }
  }

  async function sliceAfterSlice(execution: MemoryExecution): Promise<'SUCCEEDED' | 'FAILED'> {
    const { ref } = execution;
    for (let slices = 0; execution.status === 'RUNNING'; slices += 1) {
      if (slices >= handoverAfter) {
        const handed = await retried(() => handOverRun(ref, control()), CONTROL_LIFETIME_MS);
        if (handed === 'fenced') await clock.sleep(FENCED_PAUSE_MS);
        break;
      }
      const end = await retried(() => invoke(ref), sliceLifetimeMs);
      if (end.outcome === 'failed') return 'FAILED';
      if (end.outcome === 'wait') await clock.sleep(end.until - clock.now());
      if (end.outcome === 'fenced') await clock.sleep(FENCED_PAUSE_MS);
      if (end.outcome === 'finished' || end.outcome === 'fenced') break;
    }
    return 'SUCCEEDED';
  }

  function invoke({ wrapperId, epoch }: ExecutionRef): Promise<SliceEnd> {
    const slice = () =>
      runSlice({ wrapperId, epoch }, world.invocation({ ...nextFunction(), lifetimeMs: sliceLifetimeMs }));
    if (twice()) void slice().catch(() => undefined);
    return slice();
  }

  function control() {
    const { wire, clock: ownClock } = nextFunction();
    return world.control(wire, ownClock);
  }

  async function retried<T>(run: () => Promise<T>, lifetimeMs: number): Promise<T> {
    for (let failures = 0; ; ) {
      try {
        return await inTime(run(), lifetimeMs);
      } catch (error) {
        failures += 1;
        if (failures > MOST_RETRIES) throw error;
        await clock.sleep(RETRY_PAUSE_MS);
      }
    }
  }

  /** A task that takes longer than its function may has timed out; the function itself may still be going on. */
  async function inTime<T>(running: Promise<T>, lifetimeMs: number): Promise<T> {
    const answered = new AbortController();
    const timeout = clock.sleep(lifetimeMs + 10_000, answered.signal).then(() => {
      if (!answered.signal.aborted) throw new Error('States.Timeout');
    });
    try {
      return (await Promise.race([running, timeout])) as T;
    } finally {
      answered.abort();
    }
  }
}
