import type { RunState } from '../../domain/run/run-state.ts';
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
