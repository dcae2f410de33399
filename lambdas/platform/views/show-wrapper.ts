import type { RunState } from '../../domain/run/run-state.ts';
import { pageRoom } from '../api/page-room.ts';
import { encodeCursor } from '../dynamo.ts';
import type { Page } from '../wrappers/items.ts';
import { listedKeyOf } from '../wrappers/run-states.ts';
import type { WrapperStore } from '../wrappers/wrapper-store.ts';
import { wrapperView } from './wrapper-view.ts';

/** How much of a wrapper's log it shows; `GET …/logs` has all of it. */
const NEWEST_LOGS = 100;

/** Gathers what a wrapper's view is made of. */
export async function showWrapper(store: WrapperStore, state: RunState): Promise<ReturnType<typeof wrapperView>> {
  const [definition, logs] = await Promise.all([
    store.definitions.load(state.wrapperId, state.definitionId),
    store.history.listLogs(state.wrapperId, { limit: NEWEST_LOGS }),
  ]);
  return wrapperView(state, definition, logs.items.toReversed());
}

/** The wrappers of a page, as many of them as one answer holds: the next page begins behind them. */
export async function showWrappers(store: WrapperStore, { items: states, nextCursor }: Page<RunState>) {
  const items = await Promise.all(states.map((state) => showWrapper(store, state)));
  const fits = pageRoom();
  const count = items.findIndex((item) => !fits(item));
  const last = states[count - 1];
  if (last === undefined) return { items, next_cursor: nextCursor };
  return { items: items.slice(0, count), next_cursor: encodeCursor(listedKeyOf(last)) };
}
