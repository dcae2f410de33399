import type { WrapperDefinition } from '../contracts/wrapper-definition.ts';
import { openDestination } from '../destinations/open-destination.ts';
import type { DestinationPorts } from '../destinations/ports.ts';
import { compileMapping } from '../domain/mapping/compile-mapping.ts';
import type { Work } from '../domain/run/run-slice.ts';
import type { RunState } from '../domain/run/run-state.ts';
import { openSource, type SourcePorts } from '../sources/open-source.ts';
import type { WrapperStore } from './wrappers/wrapper-store.ts';

/** Turns a wrapper's definition into what a slice works with. */
export async function openWork(
  state: RunState,
  store: Pick<WrapperStore, 'definitions'>,
  ports: DestinationPorts & SourcePorts,
): Promise<Work> {
  const { wrapperId, definitionId } = state;
  const definition = await store.definitions.load(wrapperId, definitionId);
  return {
    ...openReading(wrapperId, definition, ports),
    destination: openDestination(definition.destination, ports),
    batchSize: definition.batch_size,
    maxQuarantined: definition.max_quarantined,
  };
}

/** The part of it that sends nothing. */
export function openReading(
  wrapperId: string,
  { source: config, mapping }: Pick<WrapperDefinition, 'source' | 'mapping'>,
  ports: SourcePorts,
): Pick<Work, 'source' | 'mapRecord'> {
  const { source, numberStyleOf, columnsOf } = openSource(config, ports);
  return {
    source,
    mapRecord: (plan) =>
      compileMapping(mapping ?? {}, {
        names: columnsOf(plan),
        numberStyle: numberStyleOf(plan),
        wrapperId,
        version: plan.version,
      }),
  };
}
