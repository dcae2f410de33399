import * as z from 'zod';

/** Where a file is; exactly one of the three. */
export const FileLocation = z.union(
  [
    z.strictObject({ file_id: z.uuid() }),
    z.strictObject({
      s3: z.string().regex(/^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\/.+$/, 'must look like s3://bucket/key'),
    }),
    z.strictObject({ url: z.httpUrl().or(z.url({ protocol: /^https?$/ })) }),
  ],
  { error: 'must be one of {"file_id": …}, {"s3": "s3://bucket/key"}, {"url": "https://…"}' },
);
