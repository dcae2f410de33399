import type { SourceConfig } from '../../contracts/wrapper-definition.ts';
import type { Choice } from '../../domain/infer/choice.ts';
import type { MappingConfig } from '../../domain/mapping/mapping-config.ts';

/** A source as it was found out, with what its records hold. */
export type Inferred = {
  readonly source: SourceConfig;
  readonly mapping: MappingConfig;
  readonly choices: readonly Choice[];
};
