import type { OpenFile } from '../domain/file.ts';
import type { NumberStyle } from '../domain/mapping/mapping-config.ts';
import type { ReadingPlan, Source } from '../domain/source.ts';
import { apiSource } from './api/api-source.ts';
import type { ApiSourceConfig } from './api/config.ts';
import type { ApiPorts } from './api/ports.ts';
import type { CsvSourceConfig } from './csv/config.ts';
import { csvSource } from './csv/csv-source.ts';
import { layoutOf } from './csv/layout.ts';
import type { XlsxSourceConfig } from './xlsx/config.ts';
import { xlsxLayoutOf } from './xlsx/layout.ts';
import { xlsxSource } from './xlsx/xlsx-source.ts';

type SourceConfig = ApiSourceConfig | CsvSourceConfig | XlsxSourceConfig;
/** The ways to the outside that sources are given. */
export type SourcePorts = ApiPorts & { readonly openFile: OpenFile };

/** A source with what the mapping needs to know of it. */
export type OpenedSource = {
  readonly source: Source;
  /** How numbers in text are written. */
  readonly numberStyleOf: (plan: ReadingPlan) => NumberStyle;
  /** The columns it has, in order; null: each record has its own fields. */
  readonly columnsOf: (plan: ReadingPlan) => readonly string[] | null;
  /** Words that mean "no value", as far as the definition tells them: for records that were read before it did. */
  readonly nullWords: readonly string[];
};

type Plugins = {
  [T in SourceConfig['type']]: (config: Extract<SourceConfig, { type: T }>, ports: SourcePorts) => OpenedSource;
};

/** Every kind of source there is. */
const plugins: Plugins = {
  API: (config, ports) => ({
    source: apiSource(config, ports),
    numberStyleOf: () => ({}),
    columnsOf: () => null,
    nullWords: [],
  }),
  CSV: (config, { openFile }) => ({
    source: csvSource(config, openFile(config.location)),
    numberStyleOf: (plan) => numberStyle(config.options, layoutOf(plan)),
    columnsOf: (plan) => layoutOf(plan).columns,
    nullWords: config.options?.null_words ?? [],
  }),
  XLSX: (config, { openFile }) => ({
    source: xlsxSource(config, openFile(config.location)),
    numberStyleOf: () => config.options ?? {},
    columnsOf: (plan) => xlsxLayoutOf(plan).columns,
    nullWords: config.options?.null_words ?? [],
  }),
};

/** The marks that the definition tells go before those that were found, also for rows that were read before it did. */
function numberStyle({ decimal, thousands }: NumberStyle = {}, found: NumberStyle): NumberStyle {
  const other = (mark: string | undefined, told: string | undefined) => (mark === told ? undefined : mark);
  return {
    decimal: decimal ?? other(found.decimal, thousands),
    thousands: thousands ?? other(found.thousands, decimal),
  };
}

export function openSource(config: SourceConfig, ports: SourcePorts): OpenedSource {
  // The map above ties each config to its plug-in; indexing it by a union loses that tie.
  const open = plugins[config.type] as (config: SourceConfig, ports: SourcePorts) => OpenedSource;
  return open(config, ports);
}
