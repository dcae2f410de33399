import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newRunState } from '../../../lambdas/domain/run/run-state.ts';
import { showWrappers } from '../../../lambdas/platform/views/show-wrapper.ts';
import { listAll } from '../../../lambdas/platform/wrappers/list-states.ts';
import { type WrapperStore, wrapperStore } from '../../../lambdas/platform/wrappers/wrapper-store.ts';
import { answerBytes } from '../../support/answer-bytes.ts';
import { MORNING } from '../../support/manual-clock.ts';
import { settings } from '../../support/run-world.ts';
import { wrapperDefinition } from '../../support/wrapper-definition.ts';
import { startWrappersTable } from '../../support/wrappers-table.ts';

let database: Awaited<ReturnType<typeof startWrappersTable>>;
let store: WrapperStore;

beforeAll(async () => {
  database = await startWrappersTable();
  store = wrapperStore(database.table);
});
afterAll(() => database.close());

test('wrappers are listed in pages that one answer of a function holds, however large their definitions', async () => {
  const definition = wrapperDefinition({ metadata: { text: '"'.repeat(100_000) } });
  const ids: string[] = [];
  for (let at = 0; at < 20; at += 1) {
    const state = newRunState(randomUUID(), settings, MORNING + at);
    await store.definitions.put(state.wrapperId, state.definitionId, definition);
    await store.states.create(state);
    ids.unshift(state.wrapperId);
  }
  const listed: string[] = [];
  for (let cursor: string | undefined; ; ) {
    const { items, next_cursor } = await showWrappers(store, await listAll(store, { limit: 100, cursor }));
    expect(answerBytes(items)).toBeLessThan(5_000_000);
    listed.push(...items.map(({ wrapper_id }) => wrapper_id));
    if (next_cursor === null) break;
    cursor = next_cursor;
  }
  expect(listed).toEqual(ids);
});
