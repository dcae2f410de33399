import type { Fields } from '../../domain/source.ts';

/** Makes records of values; all of them share one list and one index of column names. */
export function rowFields(columns: readonly string[]): (values: readonly (string | null)[]) => Fields {
  const index = new Map(columns.map((name, column) => [name, column]));
  return (values) => ({
    names: columns,
    get(name) {
      const column = index.get(name);
      return column === undefined ? undefined : values[column];
    },
  });
}
