export type FieldType = 'string' | 'number' | 'integer' | 'boolean' | 'timestamp';

export type FieldMapping = {
  /** A column of the source. */
  readonly from: string;
  /** Its name in the data point; by default the column's. */
  readonly to?: string | undefined;
  readonly type: FieldType;
  readonly format?: string | undefined;
  readonly zone?: string | undefined;
};

type TimestampMapping = {
  readonly from: string;
  /** `iso`, `epoch_s`, `epoch_ms`, or a pattern (see `timestampParser`). */
  readonly format: string;
  readonly zone?: string | undefined;
};

/** Which fields a data point has, how they are typed, and what identifies it. Nothing given: every column as it is. */
export type MappingConfig = {
  readonly fields?: readonly FieldMapping[] | undefined;
  readonly timestamp?: TimestampMapping | undefined;
  readonly key?: readonly string[] | undefined;
};

/** How numbers are written in the source. */
export type NumberStyle = {
  /** Default `.`, or `,` where thousands are marked by `.`. */
  readonly decimal?: string | undefined;
  /** Default: none. */
  readonly thousands?: string | undefined;
};
