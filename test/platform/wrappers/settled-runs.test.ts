import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { noSettledRuns } from '../../../lambdas/domain/run/settled-runs.ts';
import { type WrapperStore, wrapperStore } from '../../../lambdas/platform/wrappers/wrapper-store.ts';
import { startWrappersTable } from '../../support/wrappers-table.ts';

let database: Awaited<ReturnType<typeof startWrappersTable>>;
let store: WrapperStore;
beforeAll(async () => {
  database = await startWrappersTable();
  store = wrapperStore(database.table);
});
afterAll(() => database.close());

const runs = (completed: number, failed = 0, stopped = 0) => ({ completed, failed, stopped });

test('O-5: the latest numbers of each wrapper are added up, in whatever order they come, and go when it is purged', async () => {
  const { history, settledRuns } = store;
  expect(await settledRuns.sum()).toEqual(noSettledRuns);
  await history.putSettledRuns('w-1', 1, runs(1));
  await history.putSettledRuns('w-1', 3, runs(1, 1, 1));
  // A zombie of the second run, and one of the third.
  await history.putSettledRuns('w-1', 2, runs(1, 1));
  await history.putSettledRuns('w-1', 3, runs(1, 1, 1));
  await history.putSettledRuns('w-2', 7, runs(40, 2));
  expect(await settledRuns.sum()).toEqual(runs(41, 3, 1));
  await history.purge('w-2');
  expect(await settledRuns.sum()).toEqual(runs(1, 1, 1));
});

test('what is kept of all wrappers is no wrapper', async () => {
  expect(await store.states.load('settled-runs')).toBeNull();
});
