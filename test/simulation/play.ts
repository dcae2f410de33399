import { MORNING } from '../support/manual-clock.ts';
import { runMachine } from '../support/run-machine.ts';
import { type FunctionOptions, type RunWorld, runWorld } from '../support/run-world.ts';
import { rowOf, watchInvariants } from './invariants.ts';
import { actsOf, tellEnds } from './outside.ts';
import { recover } from './recover.ts';
import { type Act, type Invocation, type Schedule, SKEW_MS } from './schedule.ts';
import { scheduledWires } from './scheduled-wire.ts';

export type Trace = (line: string) => void;

const INTERVAL_SECONDS = 20;

/**
 * Plays one schedule to its end: the real slice, execute, stop, reconcile, hand-over and record-crash code on a
 * virtual clock. Answers the invariants that it broke; tells `trace` of each call and each write.
 */
export async function play(schedule: Schedule, trace?: Trace): Promise<readonly string[]> {
  const world = worldOf(schedule);
  const { clock, executions, destination } = world;
  const note = trace ? (text: string) => trace(`${seconds(clock.now())}  ${text}`) : () => undefined;
  const watch = watchInvariants(world, schedule.invocations.every(isWithinMargin));
  if (trace) traceWrites(world, note);
  let isCalm = false;
  const act = (what: Act, afterMs: number) => void clock.sleep(afterMs).then(() => isCalm || perform(what));
  const wires = scheduledWires(schedule, world, { act, trace: note });
  const turns = inTurn(schedule.invocations);
  const nextFunction = (): FunctionOptions => {
    const { skewMs, batchSize } = turns.next();
    return { wire: wires.next(), clock: clock.skewed(skewMs), batchSize };
  };
  const control = () => {
    const { wire, clock: ownClock } = nextFunction();
    return world.control(wire, ownClock);
  };
  const outside = actsOf(world, watch, control);
  const perform = (what: Act) => {
    note(what);
    return outside[what]().catch((error: unknown) => note(`${what}: ${error}`));
  };
  runMachine(world, { ...schedule, nextFunction, twice: () => !isCalm && turns.following().twice });
  tellEnds(schedule, world, control);
  for (const planned of [{ act: 'execute' as const, atMs: 0 }, ...schedule.acts]) act(planned.act, planned.atMs);

  await clock.run(clock.sleep(schedule.calmAfterMs));
  note('calm');
  isCalm = true;
  wires.calm();
  destination.script.splice(0);
  executions.onEnd = () => undefined;
  await clock.run(recover(world));
  watch.settled();
  return watch.problems();
}

function worldOf({ mode, rows, rejected, misfits, answers }: Schedule): RunWorld {
  const world = runWorld(rows, { mode, intervalSeconds: INTERVAL_SECONDS });
  world.source.grows = mode === 'continuous';
  world.source.rejected = new Set(rejected);
  world.misfits = new Set(misfits);
  world.destination.script.push(...answers);
  return world;
}

function isWithinMargin({ skewMs }: Invocation): boolean {
  return Math.abs(skewMs) <= SKEW_MS;
}

function inTurn(invocations: readonly Invocation[]): { next(): Invocation; following(): Invocation } {
  let count = 0;
  const at = (index: number) => invocations[index % invocations.length] as Invocation;
  return {
    next: () => at(count++),
    following: () => at(count),
  };
}

function traceWrites({ store }: RunWorld, note: Trace): void {
  const { onSave } = store;
  store.onSave = (after, before) => {
    onSave(after, before);
    const { status, epoch, attempt, pending, stopRequested } = after;
    const batch = pending ? `, pending ${JSON.stringify(pending.from)} to ${JSON.stringify(pending.to)}` : '';
    const stop = stopRequested ? ', stop requested' : '';
    note(`    = ${status}, epoch ${epoch}, attempt ${attempt}, at row ${rowOf(after)}${batch}${stop}`);
  };
}

function seconds(now: number): string {
  return ((now - MORNING) / 1000).toFixed(3).padStart(9);
}
