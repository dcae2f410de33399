import * as z from 'zod';

/** Writes each batch as NDJSON, under keys made from its bounds. */
export const S3DestinationConfig = z.strictObject({
  type: z.literal('s3'),
  bucket: z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'is not a bucket name'),
  prefix: z
    .string()
    .max(512)
    .regex(/^[\w!.*'()/-]*$/, "may hold letters, digits and !-_.*'()/ only")
    .nullish(),
  gzip: z.boolean().nullish(),
  /** `date`: a folder for each day, by the points' own timestamps. */
  partition: z.enum(['date']).nullish(),
});
export type S3DestinationConfig = z.output<typeof S3DestinationConfig>;
