import { ConflictError, InvalidRequestError, NotFoundError } from '../../domain/errors.ts';
import { moveCheckpoint, type StartFrom } from '../../domain/run/control-steps.ts';
import type { Checkpoint, RunState } from '../../domain/run/run-state.ts';
import { applyStep } from '../../domain/run/step.ts';
import { systemClock } from '../system-clock.ts';
import { loadState, type WrapperStore } from './wrapper-store.ts';

/** Moves a wrapper's checkpoint by hand. @throws ConflictError while it is executing. */
export async function placeCheckpoint(store: WrapperStore, wrapperId: string, to: StartFrom): Promise<RunState> {
  const state = await loadState(store, wrapperId);
  const moved = await applyStep(moveCheckpoint(to), state, { store: store.states, clock: systemClock });
  if (moved.outcome === 'not-found') throw new NotFoundError('Wrapper not found');
  if (moved.outcome === 'executing') throw new ConflictError('Wrapper is executing; stop it first');
  return moved.state;
}

/** An earlier checkpoint by its id (`cp-42`). @throws InvalidRequestError when the wrapper has none of that id. */
export async function findCheckpoint(store: WrapperStore, wrapperId: string, id: string): Promise<Checkpoint> {
  const found = await store.history.loadCheckpoint(wrapperId, Number(id.slice('cp-'.length)));
  if (found) return found;
  const issue = { path: 'id', message: `this wrapper has no checkpoint ${id}` };
  throw new InvalidRequestError(issue.message, [issue]);
}
