import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { CreateWrapperRequest } from '../../../lambdas/contracts/requests.ts';
import { ConflictError, InvalidRequestError, NotFoundError } from '../../../lambdas/domain/errors.ts';
import { parseVerbatim } from '../../../lambdas/domain/json.ts';
import { type Checkpoint, newRunState, type Run, type RunState } from '../../../lambdas/domain/run/run-state.ts';
import { applyStep } from '../../../lambdas/domain/run/step.ts';
import type { Page } from '../../../lambdas/platform/wrappers/items.ts';
import { findCheckpoint, placeCheckpoint } from '../../../lambdas/platform/wrappers/place-checkpoint.ts';
import {
  loadRun,
  loadState,
  type WrapperStore,
  wrapperStore,
} from '../../../lambdas/platform/wrappers/wrapper-store.ts';
import { executingState } from '../../support/executing-state.ts';
import { MORNING, manualClock } from '../../support/manual-clock.ts';
import { settings } from '../../support/run-world.ts';
import { wrapperDefinition } from '../../support/wrapper-definition.ts';
import { startWrappersTable } from '../../support/wrappers-table.ts';

let database: Awaited<ReturnType<typeof startWrappersTable>>;
let store: WrapperStore;
let id: string;

beforeAll(async () => {
  database = await startWrappersTable();
  store = wrapperStore(database.table);
});
afterAll(() => database.close());
beforeEach(() => {
  id = randomUUID();
});

/** Stores a wrapper's state as it is. */
async function stored(overrides: Partial<RunState> = {}): Promise<RunState> {
  const state = { ...newRunState(id, settings, MORNING), ...overrides, wrapperId: id };
  expect(await store.states.create(state)).toBe(true);
  return state;
}

async function all<Item>(list: (cursor?: string) => Promise<Page<Item>>): Promise<{ items: Item[]; pages: number }> {
  const items: Item[] = [];
  for (let pages = 1, cursor: string | undefined; ; pages += 1) {
    const page = await list(cursor);
    items.push(...page.items);
    if (page.nextCursor === null) return { items, pages };
    cursor = page.nextCursor;
  }
}

const run = (epoch: number): Run => ({ ...(executingState().run as Run), epoch, executionId: `${id}-${epoch}` });

describe('run states', () => {
  test('come back as they were stored', async () => {
    const checkpoint = {
      ...executingState().checkpoint,
      position: { offset: 2 ** 40, row: 7, nested: { a: [null, 'ü'] } },
    };
    const state = await stored({ ...executingState(), checkpoint });
    expect(await store.states.load(id)).toEqual(state);
  });

  test('are created once', async () => {
    const state = await stored();
    expect(await store.states.create({ ...state, definitionId: 'other' })).toBe(false);
    expect((await store.states.load(id))?.definitionId).toBe(state.definitionId);
  });

  test('are saved only over the version they were computed from', async () => {
    const state = await stored();
    expect(await store.states.save({ ...state, attempt: 1 })).toBe(true);
    expect(await store.states.save({ ...state, attempt: 2 })).toBe(false);
    expect(await store.states.load(id)).toMatchObject({ attempt: 1, version: 1 });
  });

  test('are not brought back by a save after they were deleted', async () => {
    const state = await stored();
    await store.states.delete(id);
    expect(await store.states.save(state)).toBe(false);
    expect(await store.states.load(id)).toBeNull();
  });

  test('take every one of many steps at a time', async () => {
    const state = await stored();
    const deps = { store: store.states, clock: manualClock() };
    const raise = (at: RunState) => ({ outcome: 'apply' as const, state: { ...at, attempt: at.attempt + 1 } });
    await Promise.all(Array.from({ length: 8 }, () => applyStep(raise, state, deps)));
    expect(await store.states.load(id)).toMatchObject({ attempt: 8, version: 8 });
  });

  test('that are executing or not settled are found, and no others', async () => {
    const kinds = {
      idle: {},
      executing: { status: 'executing' },
      unsettled: { status: 'error', settled: false },
    } as const;
    const ids: Record<string, string> = {};
    for (const [kind, overrides] of Object.entries(kinds)) {
      id = ids[kind] = randomUUID();
      await stored(overrides);
    }
    const found = await Array.fromAsync(store.states.unfinished());
    expect(found).toEqual(expect.arrayContaining([ids.executing, ids.unsettled]));
    expect(found).not.toContain(ids.idle);
  });

  test('of ids that are no ids are unknown, whatever their length', async () => {
    expect(await store.states.load('no such wrapper')).toBeNull();
    expect(await store.states.load('x'.repeat(5_000))).toBeNull();
  });
});

describe('what runs leave behind', () => {
  test('written twice is there once', async () => {
    for (const _ of [1, 2]) {
      await store.history.putRun(id, run(1));
      await store.history.putLog(id, 'e-1', { at: MORNING, level: 'INFO', text: 'done' });
    }
    const page = { limit: 10 };
    expect((await store.history.listRuns(id, page)).items).toEqual([run(1)]);
    expect((await store.history.listLogs(id, page)).items).toEqual([{ at: MORNING, level: 'INFO', text: 'done' }]);
  });

  test('is listed newest first, page by page', async () => {
    for (const epoch of [9, 10, 11, 100, 101]) await store.history.putRun(id, run(epoch));
    const { items, pages } = await all((cursor) => store.history.listRuns(id, { limit: 2, cursor }));
    expect(items.map(({ epoch }) => epoch)).toEqual([101, 100, 11, 10, 9]);
    expect(pages).toBe(3);
  });

  test('stays on its page when something new is written meanwhile', async () => {
    for (const epoch of [1, 2, 3]) await store.history.putRun(id, run(epoch));
    const first = await store.history.listRuns(id, { limit: 2 });
    await store.history.putRun(id, run(4));
    const second = await store.history.listRuns(id, { limit: 2, cursor: first.nextCursor ?? '' });
    expect(second.items.map(({ epoch }) => epoch)).toEqual([1]);
  });

  test('refuses a cursor of another list, or of none', async () => {
    await store.history.putRun(id, run(1));
    await store.history.putRun(id, run(2));
    const { nextCursor } = await store.history.listRuns(id, { limit: 1 });
    const cursors = [nextCursor ?? '', '', 'nonsense!', Buffer.from('log#'.padEnd(5_000, 'x')).toString('base64url')];
    for (const cursor of cursors)
      await expect(store.history.listLogs(id, { limit: 1, cursor })).rejects.toThrow(InvalidRequestError);
  });

  test('pins the first plan of a lineage for good, however deep it nests', async () => {
    const deep = JSON.parse(`${'{"a":'.repeat(40)}1${'}'.repeat(40)}`);
    const plan = { version: 'v1', notes: [], details: deep };
    expect(await store.history.loadPlan(id, 1)).toBeNull();
    expect(await store.history.pinPlan(id, 1, plan)).toEqual(plan);
    expect(await store.history.pinPlan(id, 1, { ...plan, version: 'v2' })).toEqual(plan);
    expect(await store.history.loadPlan(id, 1)).toEqual(plan);
  });

  test('is gone after a purge, but for the state', async () => {
    await stored();
    for (let epoch = 1; epoch <= 60; epoch += 1) await store.history.putRun(id, run(epoch));
    await store.definitions.put(id, 'd-1', wrapperDefinition());
    await store.history.purge(id);
    expect((await store.history.listRuns(id, { limit: 100 })).items).toEqual([]);
    await expect(store.definitions.load(id, 'd-1')).rejects.toThrow('is missing');
    expect(await store.states.load(id)).not.toBeNull();
  });
});

describe('definitions', () => {
  test('give metadata back as it was written', async () => {
    const metadata = '{"big":12345678901234567890,"price":1.10,"__proto__":{"a":1}}';
    await store.definitions.put(id, 'd-1', wrapperDefinition({ metadata: parseVerbatim(metadata) }));
    expect(JSON.stringify((await store.definitions.load(id, 'd-1')).metadata)).toBe(metadata);
  });

  test('come back as they were put', async () => {
    const definition = wrapperDefinition({ metadata: { unit: '°C', deep: [{ x: null }] } });
    await store.definitions.put(id, 'd-1', definition);
    expect(await store.definitions.load(id, 'd-1')).toEqual(definition);
    await store.definitions.delete(id, 'd-1');
    await expect(store.definitions.load(id, 'd-1')).rejects.toThrow('is missing');
  });

  test('with control characters in their names, as new ones may not have, stay readable', async () => {
    const definition = wrapperDefinition({ name: 'a\u0000\u001b[31mb' });
    expect(CreateWrapperRequest.safeParse({ body: definition }).error?.issues).toMatchObject([
      { path: ['body', 'name'], message: 'may not hold control characters' },
    ]);
    await store.definitions.put(id, 'd-1', definition);
    expect(await store.definitions.load(id, 'd-1')).toEqual(definition);
  });

  test('are listed by wrapper, newest first, without the deleted ones', async () => {
    const ids: string[] = [];
    // Newer than anything that other tests have stored.
    for (const [age, deleted] of [false, true, false, false].entries()) {
      id = randomUUID();
      ids.push(id);
      await stored({ createdAt: MORNING + 1_000_000 - age, deleted });
    }
    const first = await store.definitions.list({ limit: 2 });
    expect(first.items).toEqual([ids[0], ids[2]]);
    const second = await store.definitions.list({ limit: 1, cursor: first.nextCursor ?? undefined });
    expect(second.items).toEqual([ids[3]]);
    for (const cursor of ['', '!', Buffer.from('x'.repeat(2_000)).toString('base64url')])
      await expect(store.definitions.list({ limit: 1, cursor })).rejects.toThrow(InvalidRequestError);
  });
});

describe('idempotency keys', () => {
  const day = 24 * 60 * 60 * 1000;

  test('stand for the first request that came with them, and for its run', async () => {
    const taken = await store.idempotency.reserve(id, 'key', 'request-1', MORNING);
    expect(taken).toMatchObject({ requestHash: 'request-1', epoch: null });
    await store.idempotency.bind(id, 'key', 7);
    expect(await store.idempotency.reserve(id, 'key', 'request-2', MORNING + day - 1_000)).toEqual({
      ...taken,
      epoch: 7,
    });
  });

  test('are free again after 24 hours', async () => {
    await store.idempotency.reserve(id, 'key', 'request-1', MORNING);
    await store.idempotency.bind(id, 'key', 7);
    expect(await store.idempotency.reserve(id, 'key', 'request-2', MORNING + day + 1_000)).toMatchObject({
      requestHash: 'request-2',
      epoch: null,
    });
  });

  test('are a matter of their wrapper alone', async () => {
    await store.idempotency.reserve(id, 'key', 'request-1', MORNING);
    expect(await store.idempotency.reserve(randomUUID(), 'key', 'request-2', MORNING)).toMatchObject({ epoch: null });
  });
});

describe('finding things', () => {
  test('a wrapper that is unknown or deleted is not found', async () => {
    await expect(loadState(store, id)).rejects.toThrow(new NotFoundError('Wrapper not found'));
    await stored({ deleted: true });
    await expect(loadState(store, id)).rejects.toThrow(NotFoundError);
  });

  test('a run is the current one, or one of the history, or not found', async () => {
    const state = await stored({ run: run(3) });
    await store.history.putRun(id, run(2));
    expect((await loadRun(store, state, `${id}-3`)).epoch).toBe(3);
    expect((await loadRun(store, state, `${id}-2`)).epoch).toBe(2);
    for (const unknown of [`${id}-1`, `${id}-02`, `${id}-`, `other-2`, '', '__proto__'])
      await expect(loadRun(store, state, unknown)).rejects.toThrow(new NotFoundError('Execution not found'));
  });

  test('a checkpoint is placed by its id, in a lineage of its own', async () => {
    const checkpoint: Checkpoint = { ...executingState().checkpoint, seq: 4, position: { row: 4 } };
    await stored({ checkpoint: { ...checkpoint, seq: 9, lineage: 3, plan: 3 } });
    await store.history.putCheckpoint(id, checkpoint);
    const found = await findCheckpoint(store, id, 'cp-4');
    expect(found).toEqual(checkpoint);
    expect((await placeCheckpoint(store, id, 'cp-4')).checkpoint).toMatchObject({
      seq: 10,
      lineage: 4,
      plan: 1,
      position: { row: 4 },
    });
    await expect(findCheckpoint(store, id, 'cp-5')).rejects.toThrow('this wrapper has no checkpoint cp-5');
  });

  test('a checkpoint is not moved while the wrapper executes', async () => {
    await stored({ ...executingState() });
    await expect(placeCheckpoint(store, id, 'start')).rejects.toThrow(ConflictError);
  });
});
