import type { WrapperDefinition } from '../../contracts/wrapper-definition.ts';
import { NotFoundError } from '../../domain/errors.ts';
import type { Run, RunState } from '../../domain/run/run-state.ts';
import { type Definitions, definitions } from './definitions.ts';
import { type Idempotency, idempotency } from './idempotency.ts';
import { quarantine, type WrapperQuarantine } from './quarantine.ts';
import { runHistory, type WrapperHistory } from './run-history.ts';
import { type RunStates, runStates } from './run-states.ts';
import { type SettledRunItems, settledRunItems } from './settled-runs.ts';

/** All that the wrappers table holds, by what it is about. */
export type WrapperStore = {
  readonly states: RunStates;
  readonly history: WrapperHistory;
  readonly quarantine: WrapperQuarantine;
  readonly definitions: Definitions;
  readonly idempotency: Idempotency;
  readonly settledRuns: SettledRunItems;
};

export function wrapperStore(table: string): WrapperStore {
  return {
    states: runStates(table),
    history: runHistory(table),
    quarantine: quarantine(table),
    definitions: definitions(table),
    idempotency: idempotency(table),
    settledRuns: settledRunItems(table),
  };
}

/** @throws NotFoundError also for a wrapper that is being deleted. */
export async function loadState(store: Pick<WrapperStore, 'states'>, wrapperId: string): Promise<RunState> {
  const state = await store.states.load(wrapperId);
  if (!state || state.deleted) throw new NotFoundError('Wrapper not found');
  return state;
}

/** One of a wrapper's runs: the current or last one is in its state, the others are items of their own. */
export async function loadRun(store: WrapperStore, state: RunState, executionId: string): Promise<Run> {
  if (state.run?.executionId === executionId) return state.run;
  const epoch = executionId.startsWith(`${state.wrapperId}-`) ? executionId.slice(state.wrapperId.length + 1) : '';
  const run = /^\d{1,12}$/.test(epoch) ? await store.history.loadRun(state.wrapperId, Number(epoch)) : null;
  if (run?.executionId !== executionId) throw new NotFoundError('Execution not found');
  return run;
}

/** What a definition decides about runs, as its state keeps it. */
export function runSettingsOf(definitionId: string, definition: WrapperDefinition) {
  return {
    definitionId,
    mode: definition.mode,
    intervalSeconds: definition.interval_seconds,
    stallAfterSeconds: definition.stall_after_seconds ?? null,
  };
}
