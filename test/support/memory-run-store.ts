import type { RunState } from '../../lambdas/domain/run/run-state.ts';
import type { RunStore } from '../../lambdas/domain/run/run-store.ts';
import { soundWire, type Wire } from './wire.ts';

export type MemoryRunStore = RunStore & {
  /** Every state that was stored, in order, the first one included. */
  readonly written: RunState[];
  current(wrapperId?: string): RunState;
  /** Puts a state as it is, whatever its version. */
  put(state: RunState): void;
  /** Removes a wrapper, as the purge does. */
  remove(wrapperId: string): void;
  /** The same store as seen from one function, over its own wire. */
  over(wire: Wire): RunStore;
  /** Called after each successful save. */
  onSave: (after: RunState, before: RunState) => void;
};

/** Run states in memory, with the compare-and-swap of the real store; frozen, so that nobody changes what is stored. */
export function memoryRunStore(...initial: readonly RunState[]): MemoryRunStore {
  const states = new Map<string, RunState>();
  const written: RunState[] = [];
  const put = (state: RunState) => {
    states.set(state.wrapperId, frozen(state));
    written.push(state);
  };
  const save = (state: RunState) => {
    const before = states.get(state.wrapperId);
    if (before?.version !== state.version) return false;
    const after = { ...state, version: state.version + 1 };
    put(after);
    memory.onSave(after, before);
    return true;
  };
  const over = (wire: Wire): RunStore => ({
    load: (wrapperId) => wire('store.load', () => states.get(wrapperId) ?? null),
    save: (state) => wire('store.save', () => save(state)),
    async *unfinished() {
      for (const state of states.values()) if (state.status === 'executing' || !state.settled) yield state.wrapperId;
    },
  });
  const memory: MemoryRunStore = {
    ...over(soundWire),
    written,
    put,
    remove: (wrapperId) => void states.delete(wrapperId),
    over,
    onSave: () => undefined,
    current(wrapperId = written[0]?.wrapperId ?? '') {
      const state = states.get(wrapperId) ?? written.findLast((known) => known.wrapperId === wrapperId);
      if (!state) throw new Error(`no wrapper ${wrapperId}`);
      return state;
    },
  };
  initial.forEach(put);
  return memory;
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(frozen);
  }
  return value;
}
