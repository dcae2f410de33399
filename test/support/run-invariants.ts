import { verdict } from '../../lambdas/domain/run/health.ts';
import type { RunState } from '../../lambdas/domain/run/run-state.ts';
import { points, type RunWorld } from './run-world.ts';

export type Watch = {
  /** Violations so far, each beginning with the name of its invariant (docs/promises.md). */
  readonly problems: () => string[];
  /** To be called when a stop is asked for; what it returns is called when the stop has answered success. */
  stopping(): () => void;
  /** What must hold when a run has completed and everything has come to rest. */
  completed(): void;
};

/** Checks the invariants of the run protocol after every write and at every send of a world that starts empty. */
export function watchInvariants(world: RunWorld): Watch {
  const problems = new Set<string>();
  let committed = 0;
  let stoppedEpoch = 0;
  const check = (holds: boolean, problem: () => string) => {
    if (!holds) problems.add(problem());
  };

  world.store.onSave = (after, before) => {
    checkOrder(after, before, check);
    if (after.lastCommitId !== before.lastCommitId) {
      committed += wanted(rowOf(before) + 1, rowOf(after)).length;
      const epoch = after.run?.epoch ?? 0;
      check(epoch > stoppedEpoch, () => `I4: a commit of run ${epoch} landed after its stop had answered`);
      check(
        before.status === 'executing' && before.epoch === epoch,
        () => `I5: a commit of run ${epoch} was not fenced`,
      );
    }
    check(after.dataPointsCount === committed, () => `I10: ${after.dataPointsCount} counted, ${committed} committed`);
    const missing = wanted(1, rowOf(after)).filter((id) => !world.destination.kept.includes(id));
    check(missing.length === 0, () => `I1: before the checkpoint, yet undelivered: ${missing}`);
    if (after.status === 'completed') checkComplete(after);
    const now = world.clock.now();
    const healthy = verdict(after, now).status === 'HEALTHY';
    check(!healthy || (after.status === 'executing' && (after.leaseUntil ?? 0) >= now), () => 'I7: HEALTHY, yet dead');
  };

  world.destination.onSend = ({ executionId }) => {
    const epoch = Number(executionId.split('-').at(-1));
    check(epoch > stoppedEpoch, () => `I4: a batch of run ${epoch} was sent after its stop had answered`);
  };

  /** Ids of the rows from one to another that fit. */
  function wanted(from: number, to: number): string[] {
    return points(from, to).filter((_, index) => !world.source.rejected.has(from + index));
  }

  function checkComplete(state: RunState): void {
    check(rowOf(state) === world.source.rows, () => `I6: completed at row ${rowOf(state)} of ${world.source.rows}`);
    const set = new Set([...world.history.quarantined.values()].map(({ row }) => row));
    const lost = [...world.source.rejected].filter((row) => row <= world.source.rows && !set.has(row));
    check(lost.length === 0, () => `I6: completed, yet neither delivered nor quarantined: ${lost}`);
  }

  return {
    problems: () => [...problems, ...world.destination.problems()],
    stopping() {
      const epoch = world.state().run?.epoch ?? 0;
      return () => {
        stoppedEpoch = Math.max(stoppedEpoch, epoch);
      };
    },
    completed() {
      const { kept } = world.destination;
      const all = wanted(1, world.source.rows);
      check(kept.join() === all.join(), () => `I6: delivered ${kept}, in this order, instead of ${all}`);
      const sums = [...world.history.runs.values()].map(({ counts }) => counts.dataPointsSent);
      const sum = sums.reduce((total, sent) => total + sent, 0);
      check(sum === all.length, () => `I10: the runs say ${sums}, together not ${all.length}`);
      const ends = [...world.history.logs.keys()].filter((key) => key.endsWith('-end'));
      check(ends.length === world.history.runs.size, () => `W-10: ${ends.length} log entries for ${sums.length} runs`);
    },
  };
}

type Check = (holds: boolean, problem: () => string) => void;

function checkOrder(after: RunState, before: RunState, check: Check): void {
  const { checkpoint } = after;
  check(checkpoint.lineage >= before.checkpoint.lineage, () => 'I3: the lineage went back');
  check(checkpoint.seq >= before.checkpoint.seq, () => "I3: the checkpoint's number went back");
  if (checkpoint.lineage === before.checkpoint.lineage)
    check(rowOf(after) >= rowOf(before), () => `I3: the checkpoint went back from ${rowOf(before)} to ${rowOf(after)}`);
  check(after.epoch >= before.epoch, () => `I5: the epoch went back from ${before.epoch} to ${after.epoch}`);
  if (after.status === 'executing')
    check(after.run?.epoch === after.epoch, () => `I5: run ${after.run?.epoch} is executing in epoch ${after.epoch}`);
}

function rowOf({ checkpoint }: RunState): number {
  return checkpoint.position === null ? 0 : Number(checkpoint.position.row);
}
