import type { Fields } from '../source.ts';
import type { MapRecord } from './map-record.ts';

/** The same mapping for records with fields that have no usable value: what uses one of them doesn't fit. */
export function refusingProblems(map: MapRecord): MapRecord {
  return (record, row) => {
    const { names, problemOf } = record;
    if (problemOf === undefined) return map(record, row);
    let problem: string | undefined;
    const watched: Fields = {
      names,
      get(name) {
        problem ??= problemOf(name);
        return record.get(name);
      },
    };
    const point = map(watched, row);
    return problem === undefined ? point : { rejected: problem };
  };
}
