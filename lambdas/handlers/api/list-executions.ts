import { ListOfWrapperRequest } from '../../contracts/requests.ts';
import type { Run } from '../../domain/run/run-state.ts';
import { apiHandler } from '../../platform/api/api-handler.ts';
import { ok } from '../../platform/api/responses.ts';
import { readEnv } from '../../platform/env.ts';
import { systemClock } from '../../platform/system-clock.ts';
import { executionView } from '../../platform/views/execution-view.ts';
import { loadState, wrapperStore } from '../../platform/wrappers/wrapper-store.ts';

const env = readEnv('listExecutions');
const store = wrapperStore(env.WRAPPERS_TABLE);

export const handler = apiHandler('listExecutions', ListOfWrapperRequest, async ({ path, query }) => {
  const { wrapperId, run } = await loadState(store, path.wrapper_id);
  const page = await store.history.listRuns(wrapperId, query);
  const runs = query.cursor === undefined ? withCurrent(run, page.items) : page.items;
  const now = systemClock.now();
  return ok({ items: runs.map((each) => executionView(wrapperId, each, now)), next_cursor: page.nextCursor });
});

/** A run's record is written when it has ended; until then it is in the wrapper's state alone. */
function withCurrent(current: Run | null, ended: readonly Run[]): readonly Run[] {
  return current && current.epoch !== ended[0]?.epoch ? [current, ...ended] : ended;
}
