import { ConflictError, InvalidRequestError, NotFoundError } from '../../domain/errors.ts';
import { moveCheckpoint } from '../../domain/run/control-steps.ts';
import type { Checkpoint, RunState } from '../../domain/run/run-state.ts';
import { applyStep } from '../../domain/run/step.ts';
import { systemClock } from '../system-clock.ts';
import { loadState, type WrapperStore } from './wrapper-store.ts';

/**
 * Moves a wrapper's checkpoint by hand, to an earlier one by its id or to the beginning.
 *
 * @throws NotFoundError, ConflictError while it is executing, InvalidRequestError when it has no checkpoint of that id.
 */
export async function placeCheckpoint(store: WrapperStore, wrapperId: string, to: string): Promise<RunState> {
  const state = await loadState(store, wrapperId);
  if (state.status === 'executing') throw executing();
  const wanted = to === 'start' ? to : await findCheckpoint(store, wrapperId, to);
  const moved = await applyStep(moveCheckpoint(wanted), state, { store: store.states, clock: systemClock });
  if (moved.outcome === 'not-found') throw new NotFoundError('Wrapper not found');
  if (moved.outcome === 'executing') throw executing();
  return moved.state;
}

function executing(): ConflictError {
  return new ConflictError('Wrapper is executing; stop it first');
}

/** An earlier checkpoint by its id (`cp-42`). @throws InvalidRequestError when the wrapper has none of that id. */
export async function findCheckpoint(store: WrapperStore, wrapperId: string, id: string): Promise<Checkpoint> {
  const found = await store.history.loadCheckpoint(wrapperId, Number(id.slice('cp-'.length)));
  if (found) return found;
  const issue = { path: 'id', message: `this wrapper has no checkpoint ${id}` };
  throw new InvalidRequestError(issue.message, [issue]);
}
