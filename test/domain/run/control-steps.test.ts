import { describe, expect, test } from '@jest/globals';
import {
  abandon,
  begin,
  configure,
  declareDead,
  declareLost,
  finishStop,
  handOver,
  isDead,
  markDeleted,
  markSettled,
  moveCheckpoint,
  requestStop,
} from '../../../lambdas/domain/run/control-steps.ts';
import type { RunState } from '../../../lambdas/domain/run/run-state.ts';
import { claim, finish, permit } from '../../../lambdas/domain/run/slice-steps.ts';
import type { Step } from '../../../lambdas/domain/run/step.ts';
import { executingState, pendingState, stateAfter } from '../../support/executing-state.ts';
import { MORNING } from '../../support/manual-clock.ts';
import { settings, timing } from '../../support/run-world.ts';

const hand = { epoch: 1, attempt: 1 };
const batch = { batchId: 'b-1', from: null, to: { row: 2 } };
const executing = stateAfter(claim(1, 512, timing), executingState());
const sending = stateAfter(permit(hand, batch, timing), executing);
const stopping = stateAfter(requestStop(), sending);
const completed = stateAfter(finish(hand), executing);
const settled = stateAfter(markSettled(1), completed);
const deadAt = MORNING + timing.leaseMs + timing.marginMs + 1;
const outcome = (step: Step<string>, state: RunState, now = MORNING) => step(state, now).outcome;
const start = (requestId: string) => begin(requestId, 'checkpoint', timing);

describe('begin', () => {
  test('starts a new epoch with clean traces', () => {
    const troubled = { ...settled, errorMessage: 'x', recentErrorAt: 1, quarantinedAt: 1, failingSince: 1, attempt: 7 };
    expect(stateAfter(start('r-2'), troubled)).toMatchObject({
      status: 'executing',
      epoch: 2,
      attempt: 0,
      errorMessage: null,
      recentErrorAt: null,
      quarantinedAt: null,
      failingSince: null,
      settled: false,
      leaseUntil: MORNING + timing.leaseMs,
      run: { executionId: 'w-1-2', before: { outcome: 'completed' }, counts: { dataPointsSent: 0 } },
    });
  });

  test('tells why not', () => {
    expect(outcome(start('r-2'), executing)).toBe('running');
    expect(outcome(start('r-2'), executing, deadAt)).toBe('dead');
    expect(outcome(start('r-2'), completed)).toBe('unsettled');
    expect(outcome(start('r-2'), { ...settled, deleted: true })).toBe('not-found');
    expect(outcome(start('request-1'), executing)).toBe('already');
  });

  test('goes on from the checkpoint with the batch that was left, or starts over without it', () => {
    const left = { ...settled, pending: batch };
    expect(stateAfter(start('r-2'), left).pending).toEqual(batch);
    const over = stateAfter(begin('r-2', 'start', timing), left);
    expect(over).toMatchObject({ pending: null, checkpoint: { position: null, lineage: 2, plan: 2 } });
  });

  test('from an earlier checkpoint keeps the plan of that lineage', () => {
    const from = { ...settled.checkpoint, seq: 3, lineage: 4, plan: 2, position: { row: 2 } };
    const begun = stateAfter(begin('r-2', from, timing), {
      ...settled,
      checkpoint: { ...from, seq: 9, lineage: 5, plan: 5 },
    });
    expect(begun.checkpoint).toMatchObject({ seq: 10, lineage: 6, plan: 2, position: { row: 2 }, exhausted: false });
  });

  test('of a re-drive waits until no fenced invocation can be writing into the quarantine any more', () => {
    const strayUntil = MORNING + timing.sendMs;
    const ended = { ...settled, strayUntil };
    const redrive = begin('r-2', { redrives: 1 }, timing);
    expect(outcome(redrive, ended, strayUntil + timing.marginMs)).toBe('draining');
    expect(outcome(redrive, ended, strayUntil + timing.marginMs + 1)).toBe('apply');
    expect(outcome(start('r-2'), ended)).toBe('apply');
  });
});

describe('a stop', () => {
  const drainedAt = (sending.sendUntil ?? 0) + timing.marginMs + 1;

  test('is requested once, and only of what is executing', () => {
    expect(stopping.stopRequested).toBe(true);
    expect(outcome(requestStop(), stopping)).toBe('already');
    expect(outcome(requestStop(), completed)).toBe('already');
  });

  test('drains until the permit and the clock margin are over', () => {
    expect(outcome(finishStop(1, timing), stopping)).toBe('draining');
    expect(outcome(finishStop(1, timing), stopping, (sending.sendUntil ?? 0) + 1)).toBe('draining');
    expect(stateAfter(finishStop(1, timing), stopping, drainedAt)).toMatchObject({
      status: 'stopped',
      epoch: 2,
      stopRequested: false,
      pending: batch,
      run: { outcome: 'stopped', epoch: 1 },
    });
  });

  test('drains at once when nothing is permitted', () => {
    expect(outcome(finishStop(1, timing), { ...stopping, sendUntil: null })).toBe('apply');
  });

  test('drains until the permits of fenced invocations are over too, whatever the run has come to', () => {
    const stray = { ...stopping, sendUntil: null, strayUntil: sending.sendUntil };
    expect(outcome(finishStop(1, timing), stray)).toBe('draining');
    expect(outcome(finishStop(1, timing), { ...completed, strayUntil: sending.sendUntil })).toBe('draining');
    expect(outcome(finishStop(1, timing), { ...completed, strayUntil: sending.sendUntil }, drainedAt)).toBe('already');
  });

  test('never ends a run that it was not asked of', () => {
    expect(outcome(finishStop(1, timing), { ...sending, sendUntil: null })).toBe('draining');
    expect(outcome(finishStop(2, timing), { ...stopping, sendUntil: null })).toBe('already');
  });
});

describe('a run that died', () => {
  test('is dead once its lease, its permit and those of fenced invocations are past by the margin', () => {
    expect(isDead(sending, deadAt - 1, timing)).toBe(false);
    expect(isDead(sending, deadAt, timing)).toBe(true);
    expect(isDead({ ...sending, sendUntil: deadAt }, deadAt, timing)).toBe(false);
    expect(isDead({ ...sending, strayUntil: deadAt }, deadAt, timing)).toBe(false);
  });

  test('is declared lost with an error, its batch and its permit kept', () => {
    expect(stateAfter(declareLost(1, 'gone'), sending)).toMatchObject({
      status: 'error',
      errorMessage: 'gone',
      epoch: 2,
      pending: batch,
      sendUntil: null,
      strayUntil: sending.sendUntil,
      run: { outcome: 'lost', failure: { kind: 'failed', message: 'gone' } },
    });
    expect(outcome(declareLost(1, 'gone'), completed)).toBe('already');
  });

  test('while a stop was under way is stopped, not lost', () => {
    expect(stateAfter(declareLost(1, 'gone'), stopping)).toMatchObject({ status: 'stopped', errorMessage: null });
  });

  test('is declared dead only if it still gives no sign of life', () => {
    expect(outcome(declareDead(1, 'gone', timing), sending, deadAt - 1)).toBe('alive');
    expect(outcome(declareDead(1, 'gone', timing), sending, deadAt)).toBe('apply');
    expect(outcome(declareDead(1, 'gone', timing), completed)).toBe('already');
  });
});

test('a run is abandoned unless a slice has claimed it', () => {
  expect(stateAfter(abandon(1, 'no start'), executingState())).toMatchObject({
    status: 'error',
    epoch: 2,
    run: { outcome: 'refused', failure: { kind: 'unavailable' } },
  });
  expect(outcome(abandon(1, 'no start'), executing)).toBe('started');
  expect(outcome(abandon(1, 'no start'), completed)).toBe('already');
});

test('a hand-over names the next execution once', () => {
  const handed = stateAfter(handOver(1, 0, timing), executing);
  expect(handed).toMatchObject({ epoch: 1, run: { handover: 1, executionId: 'w-1-1' } });
  expect(outcome(handOver(1, 0, timing), handed)).toBe('already');
  expect(outcome(handOver(1, 0, timing), stateAfter(handOver(1, 1, timing), handed))).toBe('fenced');
  expect(outcome(handOver(1, 0, timing), completed)).toBe('fenced');
});

test('a run is settled once, and only by its own epoch', () => {
  expect(settled.settled).toBe(true);
  expect(outcome(markSettled(1), settled)).toBe('already');
  expect(outcome(markSettled(0), completed)).toBe('already');
  expect(outcome(markSettled(1), executing)).toBe('already');
});

describe('changes by hand', () => {
  const change = configure({ ...settings, definitionId: 'd-2' }, { definitionId: 'd-1', anotherSource: false });

  test('are refused while the wrapper executes, and when it is gone', () => {
    for (const step of [change, moveCheckpoint('start'), markDeleted()])
      expect(outcome(step, executing)).toBe('executing');
    for (const step of [change, moveCheckpoint('start')])
      expect(outcome(step, { ...settled, deleted: true })).toBe('not-found');
    expect(outcome(markDeleted(), { ...settled, deleted: true })).toBe('already');
  });

  test('of the definition drop the batch that the old one made; of the source, also the checkpoint', () => {
    const left = { ...settled, pending: batch, checkpoint: { ...settled.checkpoint, position: { row: 2 } } };
    expect(stateAfter(change, left)).toMatchObject({
      definitionId: 'd-2',
      pending: null,
      checkpoint: { position: { row: 2 } },
    });
    expect(
      stateAfter(configure({ ...settings, definitionId: 'd-2' }, { definitionId: 'd-1', anotherSource: true }), left)
        .checkpoint,
    ).toMatchObject({ position: null, lineage: 2 });
  });

  test('of a wrapper that never ran are possible', () => {
    expect(stateAfter(change, pendingState()).definitionId).toBe('d-2');
    expect(stateAfter(markDeleted(), pendingState()).deleted).toBe(true);
  });
});
