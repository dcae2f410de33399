import type { Clock } from '../../lambdas/domain/clock.ts';
import type { MapRecord } from '../../lambdas/domain/mapping/map-record.ts';
import { deliveredRows } from '../../lambdas/domain/run/quarantine.ts';
import type { ReconcileDeps } from '../../lambdas/domain/run/reconcile-run.ts';
import { redrive } from '../../lambdas/domain/run/redrive.ts';
import { runSlice, type SliceDeps, type Work } from '../../lambdas/domain/run/run-slice.ts';
import {
  newRunState,
  type Run,
  type RunSettings,
  type RunState,
  type Timing,
} from '../../lambdas/domain/run/run-state.ts';
import type { SliceEnd } from '../../lambdas/domain/run/slice-end.ts';
import { type ManualClock, manualClock } from './manual-clock.ts';
import { type MemoryExecutions, memoryExecutions } from './memory-executions.ts';
import { type MemoryHistory, memoryHistory } from './memory-history.ts';
import { type MemoryRunStore, memoryRunStore } from './memory-run-store.ts';
import { type RecordingDestination, recordingDestination } from './recording-destination.ts';
import { type ScriptedSource, scriptedSource } from './scripted-source.ts';
import { never, soundWire, type Wire } from './wire.ts';

export const WRAPPER = 'w-1';
export const timing: Timing = { leaseMs: 60_000, sendMs: 15_000, marginMs: 2_000 };
export const settings: RunSettings = {
  definitionId: 'd-1',
  mode: 'once',
  intervalSeconds: 300,
  stallAfterSeconds: null,
};

/** One wrapper with all that surrounds its runs, in memory and on a virtual clock. */
export type RunWorld = {
  readonly clock: ManualClock;
  readonly store: MemoryRunStore;
  readonly history: MemoryHistory;
  readonly executions: MemoryExecutions;
  readonly source: ScriptedSource;
  readonly destination: RecordingDestination;
  batchSize: number;
  maxQuarantined: number;
  /** So many slices crash as soon as they are to work. */
  crashes: number;
  /** Rows that the mapping can't use; may be changed to play a mapping that is mended. */
  misfits: ReadonlySet<number>;
  /** Runs in the order in which they were settled. */
  readonly settled: Run[];
  /** When slices found their run taken from them. */
  readonly leasesLost: number[];
  /** What execute, stop and reconcile work with, over their own wire and clock. */
  control(wire?: Wire, clock?: Clock): ReconcileDeps;
  /** What one invocation of a slice works with. */
  invocation(options?: InvocationOptions): SliceDeps;
  state(): RunState;
};

/** What may differ from one function that is invoked to the next. */
export type FunctionOptions = {
  readonly wire?: Wire;
  readonly clock?: Clock;
  /** As the definition said when the function was invoked; else the world's. */
  readonly batchSize?: number;
};

export type InvocationOptions = FunctionOptions & {
  /** After so many milliseconds the invocation is killed. */
  readonly lifetimeMs?: number;
  readonly open?: () => Promise<Work>;
};

/** A point per row, `p1` and so on. */
export const mapRow: MapRecord = (fields, row) => ({ id: `p${row}`, json: JSON.stringify({ n: fields.get('n') }) });

/** The same, but for rows that don't fit. */
function mapOr(misfits: ReadonlySet<number>): MapRecord {
  return (fields, row) => (misfits.has(row) ? { rejected: `row ${row} does not fit` } : mapRow(fields, row));
}

function redriveIn(world: RunWorld, state: RunState, wire: Wire): Partial<Work> {
  const { history } = world;
  const run = history.runs.get(state.run?.redrives ?? 0);
  if (!run) throw new Error('the run to re-drive has left no record');
  return redrive(run, state, {
    quarantine: history.quarantine(wire),
    mapperOf: async () => mapOr(world.misfits),
    isDelivered: deliveredRows(state.run, (epoch) => wire('history.loadRun', () => history.runs.get(epoch) ?? null)),
  });
}

const SLICE_LIFETIME_MS = 300_000;

export function runWorld(rows: number, initial: Partial<RunState> = {}): RunWorld {
  const clock = manualClock();
  const store = memoryRunStore({ ...newRunState(WRAPPER, settings, clock.now()), ...initial });
  const history = memoryHistory();
  const executions = memoryExecutions();
  const source = scriptedSource(rows);
  const destination = recordingDestination();
  const world: RunWorld = {
    clock,
    store,
    history,
    executions,
    source,
    destination,
    batchSize: 2,
    maxQuarantined: 1000,
    crashes: 0,
    misfits: new Set(),
    settled: [],
    leasesLost: [],
    state: () => store.current(WRAPPER),
    control: (wire = soundWire, ownClock = clock) => ({
      store: store.over(wire),
      history: history.over(wire),
      onSettled: (run) => world.settled.push(run),
      executions: executions.over(wire),
      clock: ownClock,
      timing,
      purge: async () => undefined,
    }),
    invocation({ wire = soundWire, clock: ownClock = clock, batchSize, lifetimeMs = SLICE_LIFETIME_MS, open } = {}) {
      const endsAt = clock.now() + lifetimeMs;
      const ownWire: Wire = (name, call) => (clock.now() < endsAt ? wire(name, call) : never());
      const work = async (state: RunState) => {
        if (world.crashes-- > 0) throw new Error('out of memory');
        return {
          source: source.over(ownWire),
          destination: destination.over(ownWire),
          mapRecord: () => mapOr(world.misfits),
          batchSize: batchSize ?? world.batchSize,
          maxQuarantined: world.maxQuarantined,
          ...(state.setAside ? redriveIn(world, state, ownWire) : {}),
        };
      };
      return {
        store: store.over(ownWire),
        history: history.over(ownWire),
        onSettled: (run) => world.settled.push(run),
        clock: ownClock,
        timing,
        random: () => 0.5,
        memoryMb: 512,
        remainingMs: () => endsAt - clock.now(),
        onLeaseLost: () => world.leasesLost.push(clock.now()),
        open: open ?? work,
      };
    },
  };
  return world;
}

/** One slice of the wrapper's current run. */
export function slice(world: RunWorld, options?: InvocationOptions): Promise<SliceEnd> {
  return runSlice({ wrapperId: WRAPPER, epoch: world.state().epoch }, world.invocation(options));
}

/** The points of rows `from` to `to`. */
export function points(from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, index) => `p${from + index}`);
}
