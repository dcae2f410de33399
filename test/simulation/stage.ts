import { randomUUID } from 'node:crypto';
import { RetryableError } from '../../lambdas/domain/errors.ts';
import { awaitRun, executeRun } from '../../lambdas/domain/run/execute-run.ts';
import type { ReconcileDeps } from '../../lambdas/domain/run/reconcile-run.ts';
import { stopRun } from '../../lambdas/domain/run/stop-run.ts';
import { type MachineOptions, runMachine } from '../support/run-machine.ts';
import { type RunWorld, runWorld, WRAPPER } from '../support/run-world.ts';
import { type Fault, faultyWire, longestMs, never, type Wire } from '../support/wire.ts';
import { type Watch, watchInvariants } from './invariants.ts';

/** A world in which one call of all may fail, and what a scenario acts with there. */
export type Stage = {
  readonly world: RunWorld;
  readonly watch: Watch;
  /** Every call made so far, by its name. */
  readonly calls: readonly string[];
  readonly wire: () => Wire;
  readonly control: () => ReconcileDeps;
};

export type CallFault = { readonly index: number; readonly kind: Fault };

const PATIENCE_MS = 60_000;

export function openStage(fault: CallFault | null): Stage {
  const world = runWorld(5);
  world.source.rejected = new Set([4]);
  const calls: string[] = [];
  const lost = () => new RetryableError('out of reach');
  const late = (name: string) => world.clock.sleep(longestMs(name));
  const wire = () => faultyWire(calls, fault, lost, late);
  const stage = { world, watch: watchInvariants(world), calls, wire, control: () => world.control(wire()) };
  carry(stage);
  return stage;
}

/** Lets the state machine carry the runs of a stage. */
export function carry({ world, wire }: Pick<Stage, 'world' | 'wire'>, options: MachineOptions = {}): void {
  runMachine(world, { nextFunction: () => ({ wire: wire() }), sliceLifetimeMs: 45_000, ...options });
}

/** Executes, and waits for the result as people do. */
export async function execute(
  { world, control }: Pick<Stage, 'world' | 'control'>,
  from: 'checkpoint' | { readonly redrives: number } = 'checkpoint',
): Promise<void> {
  const deps = control();
  const begun = await executeRun(WRAPPER, { requestId: randomUUID(), from }, deps);
  await awaitRun(begun, begun.run?.epoch ?? 0, world.clock.now() + PATIENCE_MS, deps);
}

export async function stop({ watch, control }: Stage): Promise<void> {
  const stopped = watch.stopping();
  await stopRun(WRAPPER, control());
  stopped();
}

/** A wire whose function dies at the `nth` call of a name, counted from 1; all that it did before that is done. */
export function dyingAt(death: string, nth = 1): Wire {
  let left = nth;
  return async (name, call) => {
    if (name === death) left -= 1;
    return left > 0 ? call() : never();
  };
}

/** Executes a run whose slice dies over its first batch, and whose execution is aborted; its lease may run out. */
export async function dies({ world }: Stage, forMs: number): Promise<void> {
  const onward = world.executions.carry;
  carry({ world, wire: () => dyingAt('destination.send') });
  void execute({ world, control: () => world.control() });
  await world.clock.sleep(1_000);
  for (const execution of world.executions.all.values()) world.executions.end(execution, 'ABORTED');
  world.executions.carry = onward;
  await world.clock.sleep(forMs);
}
