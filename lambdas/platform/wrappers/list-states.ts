import type { RunState } from '../../domain/run/run-state.ts';
import { decodeCursor, encodeCursor } from '../dynamo.ts';
import type { Page, PageRequest } from './items.ts';
import { listedKeyOf } from './run-states.ts';
import type { WrapperStore } from './wrapper-store.ts';

/** A page of all wrappers, newest first. */
export async function listAll(
  { definitions, states }: Pick<WrapperStore, 'definitions' | 'states'>,
  request: PageRequest,
): Promise<Page<RunState>> {
  const { items, nextCursor } = await definitions.list(request);
  return { items: await loadThose(states, items), nextCursor };
}

/** A page of those among the given wrappers that are there, newest first: neither it nor its cursor tells of others. */
export async function listAmong(
  states: Pick<WrapperStore['states'], 'load'>,
  wrapperIds: readonly string[],
  { limit, cursor }: PageRequest,
): Promise<Page<RunState>> {
  const before = cursor === undefined ? undefined : decodeCursor(cursor, '2');
  const keyed = (await loadThose(states, wrapperIds)).map((state) => ({ state, key: listedKeyOf(state) }));
  const rest = keyed
    .filter(({ key }) => before === undefined || key < before)
    .sort((one, other) => (one.key < other.key ? 1 : -1));
  const page = rest.slice(0, limit);
  const nextCursor = encodeCursor(rest.length > limit ? page.at(-1)?.key : undefined);
  return { items: page.map(({ state }) => state), nextCursor };
}

async function loadThose(
  states: Pick<WrapperStore['states'], 'load'>,
  wrapperIds: readonly string[],
): Promise<RunState[]> {
  const loaded = await Promise.all(wrapperIds.map((wrapperId) => states.load(wrapperId)));
  return loaded.flatMap((state) => (state && !state.deleted ? [state] : []));
}
