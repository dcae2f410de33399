import * as z from 'zod';

const headerName = z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'is not a header name');
const headerValue = z.string().regex(/^[\t\x20-\x7e]*$/, 'may hold printable ASCII only');

/** POSTs batches to an address; the Idempotency-Key header carries the batch id. */
export const HttpDestinationConfig = z.strictObject({
  type: z.literal('http'),
  url: z.url({ protocol: /^https?$/ }),
  headers: z.record(headerName, headerValue).nullish(),
});
export type HttpDestinationConfig = z.output<typeof HttpDestinationConfig>;
