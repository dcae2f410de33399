import { describe, expect, test } from '@jest/globals';
import { RunFailure } from '../../../lambdas/domain/errors.ts';
import { wait, waitOut } from '../../../lambdas/domain/run/rest-steps.ts';
import type { RunState } from '../../../lambdas/domain/run/run-state.ts';
import {
  type CommittedBatch,
  claim,
  commit,
  fail,
  finish,
  type Hand,
  note,
  noteError,
  permit,
  renew,
  rewind,
  type SliceRefusal,
} from '../../../lambdas/domain/run/slice-steps.ts';
import type { Step } from '../../../lambdas/domain/run/step.ts';
import { executingState, stateAfter } from '../../support/executing-state.ts';
import { MORNING } from '../../support/manual-clock.ts';
import { timing } from '../../support/run-world.ts';

const hand: Hand = { epoch: 1, attempt: 1 };
const now = MORNING + 1_000;
const [first, second] = [
  { batchId: 'b-1', from: null, to: { row: 2 } },
  { batchId: 'b-2', from: { row: 2 }, to: { row: 4 } },
];
const done: CommittedBatch = {
  batchId: 'b-1',
  seq: 0,
  to: { row: 2 },
  recordsRead: 2,
  points: 2,
  quarantined: 0,
  misfit: null,
  bytes: 20,
  fee: 7,
};
const failure = new RunFailure('failed', 'no luck');

const claimed = stateAfter(claim(1, 512, timing), executingState());
const permitted = stateAfter(permit(hand, first, timing), claimed, now);
const outcome = (step: Step<string>, state: RunState) => step(state, now).outcome;

const ofAHand: readonly (readonly [string, (by: Hand) => Step<SliceRefusal>])[] = [
  ['permit', (by) => permit(by, first, timing)],
  ['noteError', (by) => noteError(by, 'busy', now, timing)],
  ['commit', (by) => commit(by, done, null, timing)],
  ['finish', finish],
  ['wait', (by) => wait(by, now, 'refused', timing)],
  ['fail', (by) => fail(by, failure)],
  ['renew', (by) => renew(by, timing)],
  ['rewind', rewind],
  ['note', (by) => note(by, [])],
];

describe.each(ofAHand)('%s', (_name, step) => {
  test('is fenced by a later attempt, by another epoch, and by the end of the run', () => {
    expect(outcome(step(hand), permitted)).toBe('apply');
    expect(outcome(step(hand), { ...permitted, attempt: 2 })).toBe('fenced');
    expect(outcome(step(hand), { ...permitted, epoch: 2 })).toBe('fenced');
    expect(outcome(step(hand), { ...permitted, status: 'stopped' })).toBe('fenced');
  });
});

describe('once a stop is requested', () => {
  const stopping = { ...permitted, stopRequested: true };

  test.each([
    ['claim', claim(1, 512, timing)],
    ['permit', permit(hand, first, timing)],
    ['finish', finish(hand)],
    ['wait', wait(hand, now, 'refused', timing)],
    ['waitOut', waitOut(hand, 'HTTP 503', timing)],
    ['fail', fail(hand, failure)],
  ])('%s gives way to it', (_name, step) => {
    expect(outcome(step, stopping)).toBe('stopping');
  });

  test('the batch in flight may still be committed, but permits no other', () => {
    const committed = stateAfter(commit(hand, done, second, timing), stopping, now);
    expect(committed).toMatchObject({ pending: null, sendUntil: null, checkpoint: { position: { row: 2 } } });
  });
});

describe('claim', () => {
  test('raises the attempt, takes a lease and counts the slice', () => {
    expect(claimed).toMatchObject({ attempt: 1, leaseUntil: MORNING + timing.leaseMs, waitingUntil: null });
    expect(claimed.run).toMatchObject({ memoryMb: 512, counts: { slices: 1 } });
  });

  test("keeps the pending batch, and remembers the fenced invocation's permit as one that may still be used", () => {
    const again = stateAfter(claim(1, 512, timing), permitted, now);
    expect(again).toMatchObject({ pending: first, sendUntil: null, strayUntil: now + timing.sendMs });
    const later = stateAfter(claim(1, 512, timing), { ...again, sendUntil: now - 1 }, now);
    expect(later.strayUntil).toBe(now + timing.sendMs);
  });

  test('is fenced when the run is another or over', () => {
    expect(outcome(claim(2, 512, timing), claimed)).toBe('fenced');
    expect(outcome(claim(1, 512, timing), { ...claimed, status: 'completed' })).toBe('fenced');
  });
});

test('permit pins the bounds and lasts as long as sending may take', () => {
  expect(permitted).toMatchObject({ pending: first, sendUntil: now + timing.sendMs });
  expect(permitted.leaseUntil).toBe(now + timing.leaseMs);
});

test('noteError gives the permit back, keeps the batch pending, and remembers when trouble began', () => {
  const noted = stateAfter(noteError(hand, 'busy', MORNING, timing), permitted, now);
  expect(noted).toMatchObject({ pending: first, sendUntil: null, failingSince: MORNING, recentErrorAt: now });
  expect(stateAfter(noteError(hand, 'busy', now, timing), noted, now).failingSince).toBe(MORNING);
});

describe('commit', () => {
  test('moves the checkpoint, counts, and clears the batch', () => {
    const committed = stateAfter(commit(hand, done, null, timing), { ...permitted, failingSince: 1 }, now);
    expect(committed).toMatchObject({
      pending: null,
      sendUntil: null,
      failingSince: null,
      dataPointsCount: 2,
      lastDataSent: now,
      lastProgressAt: now,
      quarantinedAt: null,
      checkpoint: { seq: 1, position: { row: 2 }, updatedAt: now },
      run: {
        lastSeq: 1,
        counts: { recordsRead: 2, dataPointsSent: 2, quarantined: 0, batches: 1, bytesSent: 20, fees: 7 },
      },
    });
  });

  test('permits the next batch in the same write', () => {
    const committed = stateAfter(commit(hand, done, second, timing), permitted, now);
    expect(committed).toMatchObject({ pending: second, sendUntil: now + timing.sendMs, checkpoint: { seq: 1 } });
  });

  test('found done already, because its answer was lost, changes nothing', () => {
    const committed = stateAfter(commit(hand, done, second, timing), permitted, now);
    expect(commit(hand, done, second, timing)(committed, now)).toEqual({ outcome: 'already', state: committed });
  });

  test('found done already by a hand that was fenced since, does not let that hand go on', () => {
    const committed = stateAfter(commit(hand, done, second, timing), permitted, now);
    const taken = stateAfter(claim(1, 512, timing), committed, now);
    expect(outcome(commit(hand, done, second, timing), taken)).toBe('fenced');
  });

  test('of a batch that starts elsewhere than at the checkpoint is fenced', () => {
    expect(outcome(commit(hand, { ...done, seq: 3 }, null, timing), permitted)).toBe('fenced');
  });

  test('of quarantined rows alone is no data and no progress', () => {
    const committed = stateAfter(commit(hand, { ...done, points: 0, quarantined: 2 }, null, timing), claimed, now);
    expect(committed).toMatchObject({ lastDataSent: null, lastProgressAt: null, quarantinedAt: now });
  });
});

test('finish and fail, found done already, are not done again', () => {
  for (const step of [finish(hand), fail(hand, failure)]) {
    const over = stateAfter(step, claimed, now);
    expect(step(over, now)).toEqual({ outcome: 'already', state: over });
  }
});

test('fail leaves the pending batch for the next run to send under its old ids', () => {
  const failed = stateAfter(fail(hand, failure), permitted, now);
  expect(failed).toMatchObject({ status: 'error', errorMessage: 'no luck', pending: first, settled: false });
  expect(failed.run).toMatchObject({
    outcome: 'failed',
    endedAt: now,
    failure: { kind: 'failed', message: 'no luck' },
  });
});

test('wait takes a lease until it is over and a lease beyond; having caught up counts as progress', () => {
  const waiting = stateAfter(wait(hand, now + 300_000, 'caught-up', timing), claimed, now);
  expect(waiting).toMatchObject({ waitingUntil: now + 300_000, leaseUntil: now + 300_000 + timing.leaseMs });
  expect(waiting).toMatchObject({ lastProgressAt: now, checkpoint: { exhausted: true }, run: { caughtUpAt: now } });
  const resting = stateAfter(wait(hand, now + 300_000, 'refused', timing), claimed, now);
  expect(resting).toMatchObject({ lastProgressAt: null, checkpoint: { exhausted: false }, run: { caughtUpAt: null } });
});

test('rewind starts a lineage of its own and gives no checkpoint number twice', () => {
  const rewound = stateAfter(rewind(hand), stateAfter(commit(hand, done, null, timing), permitted, now), now);
  expect(rewound.checkpoint).toMatchObject({ seq: 2, lineage: 2, plan: 2, position: null, exhausted: false });
});

test('the time that slices work is counted, the time between them is not, nor after the last sign of life', () => {
  const resting = stateAfter(wait(hand, now + 300_000, 'caught-up', timing), claimed, MORNING + 7_000);
  expect(resting.run).toMatchObject({ busySince: null, counts: { busyMs: 7_000 } });
  const again = stateAfter(claim(1, 512, timing), resting, MORNING + 300_000);
  const second = { epoch: 1, attempt: 2 };
  const over = stateAfter(finish(second), again, MORNING + 301_000);
  expect(over.run).toMatchObject({ busySince: null, counts: { busyMs: 8_000 } });
  const taken = stateAfter(claim(1, 512, timing), claimed, MORNING + 24 * 3_600_000);
  expect(taken.run?.counts.busyMs).toBe(timing.leaseMs);
});
