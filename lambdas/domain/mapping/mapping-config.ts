import type { JsonValue } from '../json.ts';

export type FieldType = 'string' | 'number' | 'integer' | 'boolean' | 'timestamp' | 'json';

/** A field of the data point, made of exactly one of `from`, `value` and `template`. */
export type FieldMapping = {
  /** A column of the source, or a path into a record (`fieldReader`). */
  readonly from?: string | undefined;
  /** The same value in every point. */
  readonly value?: JsonValue | undefined;
  /** Text put together of fields (`parseTemplate`). */
  readonly template?: string | undefined;
  /** Its name in the data point; by default that of `from`. */
  readonly to?: string | undefined;
  /** A regular expression, of which the first group, or all that it matches, is taken (`patternMatcher`). */
  readonly match?: string | undefined;
  /** By default `string`, of a `value` `json`. */
  readonly type?: FieldType | undefined;
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

/** How numbers are written in the text of the source. */
export type NumberStyle = {
  /** Default `.`, or `,` where thousands are marked by `.`. */
  readonly decimal?: string | undefined;
  /** Default: none. */
  readonly thousands?: string | undefined;
};
