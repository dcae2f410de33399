import type { DataPoint } from '../destination.ts';
import type { Fields } from '../source.ts';
import type { Misfit } from './compile-field.ts';

/** Makes a data point of a record; or tells, naming the field, why its values don't fit. */
export type MapRecord = (fields: Fields, row: number) => DataPoint | Misfit;
