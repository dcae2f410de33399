import { openDestination } from '../destinations/open-destination.ts';
import type { DestinationPorts } from '../destinations/ports.ts';
import type { OpenFile } from '../domain/file.ts';
import { compileMapping } from '../domain/mapping/compile-mapping.ts';
import type { Work } from '../domain/run/run-slice.ts';
import type { RunState } from '../domain/run/run-state.ts';
import { openSource } from '../sources/open-source.ts';
import type { WrapperStore } from './wrappers/wrapper-store.ts';

/** Turns a wrapper's definition into what a slice works with. */
export async function openWork(
  state: RunState,
  store: Pick<WrapperStore, 'definitions'>,
  ports: DestinationPorts & { readonly openFile: OpenFile },
): Promise<Work> {
  const { wrapperId, definitionId } = state;
  const definition = await store.definitions.load(wrapperId, definitionId);
  const { source, numberStyleOf, columnsOf } = openSource(definition.source, ports);
  return {
    source,
    destination: openDestination(definition.destination, ports),
    mapRecord: (plan) =>
      compileMapping(definition.mapping ?? {}, {
        names: columnsOf(plan),
        numberStyle: numberStyleOf(plan),
        wrapperId,
        version: plan.version,
      }),
    batchSize: definition.batch_size,
    maxQuarantined: definition.max_quarantined,
  };
}
