import type { WrapperDefinition } from '../contracts/wrapper-definition.ts';
import { openDestination } from '../destinations/open-destination.ts';
import type { DestinationPorts } from '../destinations/ports.ts';
import { RunFailure } from '../domain/errors.ts';
import { compileMapping } from '../domain/mapping/compile-mapping.ts';
import type { MapRecord } from '../domain/mapping/map-record.ts';
import { withNullWords } from '../domain/run/kept-record.ts';
import { deliveredRows } from '../domain/run/quarantine.ts';
import { type Redrive, redrive } from '../domain/run/redrive.ts';
import type { Work } from '../domain/run/run-slice.ts';
import type { RunState } from '../domain/run/run-state.ts';
import type { ReadingPlan } from '../domain/source.ts';
import { type OpenedSource, openSource, type SourcePorts } from '../sources/open-source.ts';
import type { WrapperStore } from './wrappers/wrapper-store.ts';

/** Turns a wrapper's definition into what a slice works with; of a re-drive, a run's quarantine takes the source's place. */
export async function openWork(
  state: RunState,
  store: Pick<WrapperStore, 'definitions' | 'history' | 'quarantine'>,
  ports: DestinationPorts & SourcePorts,
): Promise<Work> {
  const { wrapperId, definitionId } = state;
  const definition = await store.definitions.load(wrapperId, definitionId);
  const { source, mapRecord, nullWords } = openReading(wrapperId, definition, ports);
  return {
    source,
    mapRecord,
    destination: openDestination(definition.destination, ports),
    batchSize: definition.batch_size,
    maxQuarantined: definition.max_quarantined,
    ...(state.setAside ? await openRedrive(state, { mapRecord, nullWords }, store) : {}),
  };
}

async function openRedrive(
  state: RunState,
  { mapRecord, nullWords }: Pick<OpenedReading, 'mapRecord' | 'nullWords'>,
  { history, quarantine }: Pick<WrapperStore, 'history' | 'quarantine'>,
): Promise<Redrive> {
  const { wrapperId } = state;
  const run = await history.loadRun(wrapperId, state.run?.redrives ?? 0);
  if (!run) throw new RunFailure('refused', 'the execution to re-drive has left no record');
  const mappers = new Map<number, Promise<MapRecord>>();
  const words = new Set(nullWords.map((word) => word.trim()));
  const compiled = async (plan: number): Promise<MapRecord> => {
    const pinned = await history.loadPlan(wrapperId, plan);
    if (!pinned) throw new RunFailure('failed', 'how the rows were read is no longer known');
    const map = mapperBy(pinned, mapRecord);
    return (fields, row) => map(withNullWords(fields, words), row);
  };
  return redrive(run, state, {
    quarantine,
    isDelivered: deliveredRows(state.run, (epoch) => history.loadRun(wrapperId, epoch)),
    mapperOf: (plan) => {
      const mapper = mappers.get(plan) ?? compiled(plan);
      mappers.set(plan, mapper);
      return mapper;
    },
  });
}

function mapperBy(plan: ReadingPlan, mapRecord: Work['mapRecord']): MapRecord {
  try {
    return mapRecord(plan);
  } catch (error) {
    if (error instanceof RunFailure) throw error;
    const why = 'Invalid wrapper configuration: source: the rows were read from another kind of source';
    throw new RunFailure('refused', why, { cause: error });
  }
}

type OpenedReading = Pick<Work, 'source' | 'mapRecord'> & Pick<OpenedSource, 'nullWords'>;

/** The part of it that sends nothing. */
export function openReading(
  wrapperId: string,
  { source: config, mapping }: Pick<WrapperDefinition, 'source' | 'mapping'>,
  ports: SourcePorts,
): OpenedReading {
  const { source, numberStyleOf, columnsOf, nullWords } = openSource(config, ports);
  return {
    source,
    nullWords,
    mapRecord: (plan) =>
      compileMapping(mapping ?? {}, {
        names: columnsOf(plan),
        numberStyle: numberStyleOf(plan),
        wrapperId,
        version: plan.version,
      }),
  };
}
