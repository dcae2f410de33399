import { inspect, isDeepStrictEqual } from 'node:util';
import { verdict } from '../../lambdas/domain/run/health.ts';
import { type RunState, sourceCheckpoint } from '../../lambdas/domain/run/run-state.ts';
import { noSettledRuns, withSettled } from '../../lambdas/domain/run/settled-runs.ts';
import { points, type RunWorld, timing } from '../support/run-world.ts';

export type Watch = {
  /** Violations so far, each beginning with the name of its invariant (docs/promises.md). */
  readonly problems: () => readonly string[];
  /** To be called when a stop is asked for; what it returns is called when the stop has answered success. */
  stopping(): () => void;
  /** What must hold when everything was delivered and has come to rest. */
  settled(): void;
};

type Check = (holds: boolean, problem: () => string) => void;

/**
 * Checks the invariants of the run protocol after every write, at every send and as time passes, in a world that
 * starts empty. What has to do with time is only promised to clocks that agree within the margin.
 */
export function watchInvariants(world: RunWorld, clocksAgree = true): Watch {
  const { source, destination, history, clock } = world;
  const problems = new Set<string>();
  let committed = 0;
  let stoppedEpoch = 0;
  let state = world.state();
  /** The last sign of life of the present run, and how long it may be taken for alive. */
  let aliveUntil = 0;
  const check: Check = (holds, problem) => {
    if (!holds) problems.add(problem());
  };
  const checkInTime: Check = (holds, problem) => check(!clocksAgree || holds, problem);

  world.store.onSave = (after, before) => {
    state = after;
    checkOrder(after, before, check);
    if (after.lastCommitId !== before.lastCommitId) checkCommit(after, before);
    check(
      !before.stopRequested || after.epoch > before.epoch || (after.sendUntil ?? 0) <= (before.sendUntil ?? 0),
      () => 'I4: a batch was permitted after the stop was requested',
    );
    check(after.dataPointsCount === committed, () => `I10: ${after.dataPointsCount} counted, ${committed} committed`);
    if (after.status === 'completed' && before.status === 'executing' && !before.setAside)
      check(rowOf(after) === source.rows, () => `I6: completed at row ${rowOf(after)} of ${source.rows}`);
    if (after.leaseUntil !== before.leaseUntil)
      aliveUntil = Math.max(clock.now(), after.waitingUntil ?? 0) + timing.leaseMs + timing.marginMs;
    checkHealth(clock.now());
  };

  // Between two instants nothing changes but the time: what matters is the first moment of being dead.
  clock.onTick = (now, before) => {
    if (now > aliveUntil) checkHealth(Math.max(before, aliveUntil + 1));
  };

  destination.onSend = ({ executionId }) => {
    const epoch = Number(executionId.split('-').at(-1));
    checkInTime(epoch > stoppedEpoch, () => `I4: a batch of run ${epoch} was sent after its stop had answered`);
  };

  function checkCommit(after: RunState, before: RunState): void {
    const epoch = after.run?.epoch ?? 0;
    checkInTime(epoch > stoppedEpoch, () => `I4: a commit of run ${epoch} landed after its stop had answered`);
    check(before.status === 'executing' && before.epoch === epoch, () => `I5: a commit of run ${epoch} was not fenced`);
    committed += destination.taken(String(after.lastCommitId?.split(':')[1])) ?? 0;
    const { highWaterMark } = sourceCheckpoint(after);
    check(
      !source.grows || Number(highWaterMark) === rowOf(after),
      () => `I3: the high mark is ${highWaterMark} at row ${rowOf(after)}`,
    );
    const lost = rowsBetween(rowOf(before), rowOf(after)).filter((row) => !isKept(row));
    check(lost.length === 0, () => `I1: before the checkpoint, yet neither delivered nor quarantined: ${lost}`);
  }

  function isKept(row: number): boolean {
    return destination.keeps(`p${row}`) || [...history.quarantined.values()].some((kept) => kept.row === row);
  }

  function checkHealth(now: number): void {
    const isHealthy = verdict(state, now).status === 'HEALTHY';
    const isAlive = state.status === 'executing' && now <= aliveUntil;
    checkInTime(!isHealthy || isAlive, () => 'I7: HEALTHY, yet dead for longer than its lease');
  }

  return {
    problems: () => [...problems, ...destination.problems()],
    stopping() {
      const epoch = world.state().run?.epoch ?? 0;
      return () => {
        stoppedEpoch = Math.max(stoppedEpoch, epoch);
      };
    },
    settled: () => checkSettled(world, check),
  };
}

function checkOrder(after: RunState, before: RunState, check: Check): void {
  const [to, from] = [sourceCheckpoint(after), sourceCheckpoint(before)];
  check(to.lineage >= from.lineage, () => 'I3: the lineage went back');
  check(to.seq >= from.seq, () => "I3: the checkpoint's number went back");
  if (to.lineage === from.lineage) {
    check(rowOf(after) >= rowOf(before), () => `I3: the checkpoint went back from ${rowOf(before)} to ${rowOf(after)}`);
    const [high, higher] = [Number(from.highWaterMark), Number(to.highWaterMark)];
    check(higher >= high, () => `I3: the high mark went back from ${high} to ${higher}`);
  }
  check(after.epoch >= before.epoch, () => `I5: the epoch went back from ${before.epoch} to ${after.epoch}`);
  check(
    after.status !== 'executing' || after.run?.epoch === after.epoch,
    () => `I5: run ${after.run?.epoch} is executing in epoch ${after.epoch}`,
  );
}

function checkSettled({ source, destination, history, state, misfits }: RunWorld, check: Check): void {
  const { dataPointsCount } = state();
  const fits = (row: number) => !source.rejected.has(row) && !misfits.has(row);
  const all = points(1, source.rows).filter((_, index) => fits(index + 1));
  check(
    destination.kept.toSorted().join() === all.toSorted().join(),
    () => `I6: delivered ${destination.kept} instead of ${all}`,
  );
  check(dataPointsCount === all.length, () => `I10: ${dataPointsCount} counted of ${all.length}`);
  const runs = [...history.runs.values()];
  const sums = runs.map(({ counts }) => counts.dataPointsSent);
  const sum = sums.reduce((total, sent) => total + sent, 0);
  check(sum === all.length, () => `I10: the runs say ${sums}, together not ${all.length}`);
  const ends = [...history.logs.keys()].filter((key) => key.endsWith('-end'));
  check(ends.length === runs.length, () => `W-10: ${ends.length} log entries for ${runs.length} runs`);
  const settled = runs.reduce((sum, { outcome }) => withSettled(sum, outcome), noSettledRuns);
  for (const counted of [state().settledRuns, history.settledRuns()])
    check(
      isDeepStrictEqual(counted, settled),
      () => `O-5: counted ${inspect(counted)} of runs that ended ${inspect(settled)}`,
    );
  const left = [...history.quarantined].filter(([key, { row, seq }]) => {
    const { lastSeq = 0 } = history.runs.get(Number(key.split(':')[0])) ?? {};
    return fits(row) && seq < lastSeq;
  });
  check(left.length === 0, () => `I6: delivered, yet still in quarantine: ${left.map(([key]) => key)}`);
}

/** How far the source has been delivered. */
export function rowOf(state: RunState): number {
  const { position } = sourceCheckpoint(state);
  return position === null ? 0 : Number(position.row);
}

/** From the first one after `from` to `to`. */
function rowsBetween(from: number, to: number): readonly number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index + 1);
}
