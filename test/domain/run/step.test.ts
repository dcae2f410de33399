import { beforeEach, describe, expect, test } from '@jest/globals';
import { RetryableError } from '../../../lambdas/domain/errors.ts';
import type { RunState } from '../../../lambdas/domain/run/run-state.ts';
import { apply, applyStep, refuse, type Step } from '../../../lambdas/domain/run/step.ts';
import { pendingState } from '../../support/executing-state.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { type MemoryRunStore, memoryRunStore } from '../../support/memory-run-store.ts';
import { faultyWire, type Wire } from '../../support/wire.ts';

let store: MemoryRunStore;
const clock = manualClock();
beforeEach(() => {
  store = memoryRunStore(pendingState());
});

/** Counts up to `most`; done already when the state has come to what was asked. */
const count =
  (most = 10): Step<'full'> =>
  (state) =>
    state.dataPointsCount >= most
      ? refuse('full', state)
      : apply({ ...state, dataPointsCount: state.dataPointsCount + 1 });
const setTo =
  (wanted: number): Step<never> =>
  (state) =>
    state.dataPointsCount === wanted ? { outcome: 'already', state } : apply({ ...state, dataPointsCount: wanted });

const applied = <Refusal extends string>(step: Step<Refusal>, known: RunState = store.current(), wire?: Wire) =>
  applyStep(step, known, { store: wire ? store.over(wire) : store, clock });

describe('applyStep', () => {
  test('saves what the step makes of the state, and answers it as it is stored', async () => {
    const { outcome, state } = await applied(count());
    expect(outcome).toBe('applied');
    expect(state).toEqual(store.current());
    expect(state).toMatchObject({ dataPointsCount: 1, version: 1, updatedAt: clock.now() });
  });

  test('computes the step again on what somebody else has stored', async () => {
    const stale = store.current();
    await applied(count());
    expect((await applied(count(), stale)).state.dataPointsCount).toBe(2);
    expect((await applied(count(2), stale)).outcome).toBe('full');
  });

  test('recognises its own write when the first answer was lost and the client tried again', async () => {
    const twice = faultyWire([], { index: 0, kind: 'twice' }, () => new Error('lost'));
    const { outcome, state } = await applied(setTo(5), undefined, twice);
    expect(outcome).toBe('applied');
    expect(state).toEqual(store.current());
    expect(store.written).toHaveLength(2);
  });

  test('writes nothing when there is nothing to do, or the step refuses', async () => {
    expect((await applied(setTo(0))).outcome).toBe('applied');
    expect((await applied(count(0))).outcome).toBe('full');
    expect(store.written).toHaveLength(1);
  });

  test('lets an error of the store through', async () => {
    const broken = faultyWire([], { index: 0, kind: 'throw-before' }, () => new RetryableError('out of reach'));
    await expect(applied(count(), undefined, broken)).rejects.toThrow('out of reach');
  });

  test('shows a wrapper that is gone to the step as one that is deleted and over', async () => {
    const known = store.current();
    store.remove(known.wrapperId);
    const seen: RunState[] = [];
    const look: Step<'gone'> = (state) => {
      seen.push(state);
      return state.deleted ? refuse('gone', state) : apply(state);
    };
    expect((await applied(look, { ...known, status: 'executing' })).outcome).toBe('gone');
    expect(seen.at(-1)).toMatchObject({ deleted: true, status: 'pending', epoch: known.epoch + 1 });
  });

  test('gives up when the state keeps changing', async () => {
    const busy: Wire = async (name, call) => (name === 'store.save' ? (false as never) : call());
    await expect(applied(count(), undefined, busy)).rejects.toThrow(RetryableError);
  });
});
