import * as z from 'zod';

const FieldType = z.enum(['string', 'number', 'integer', 'boolean', 'timestamp']);

const column = z.string().min(1);
/** `iso`, `epoch_s`, `epoch_ms`, or a pattern of y M d H m s S, such as `dd.MM.yyyy HH:mm`. */
const format = z.string().min(1).max(64);
/** An IANA time zone, for local times without an offset. */
const zone = z.string().min(1).max(64);

/** Which fields a data point has, how they are typed, and what identifies it. */
export const MappingConfig = z.strictObject({
  fields: z
    .array(
      z.strictObject({
        from: column,
        to: column.optional(),
        type: FieldType.default('string'),
        format: format.optional(),
        zone: zone.optional(),
      }),
    )
    .min(1)
    .optional(),
  timestamp: z.strictObject({ from: column, format: format.default('iso'), zone: zone.optional() }).optional(),
  key: z.array(column).min(1).optional(),
});
export type MappingConfig = z.output<typeof MappingConfig>;
