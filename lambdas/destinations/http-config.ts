import * as z from 'zod';
import { SecretReference } from '../contracts/secret-reference.ts';

/** Headers that belong to the connection, or that say what Headgate sends. */
const RESERVED = [
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'host',
  'idempotency-key',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'webhook-id',
  'webhook-signature',
  'webhook-timestamp',
];

const headerName = z
  .string()
  .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'is not a header name')
  .refine((name) => !RESERVED.includes(name.toLowerCase()), 'is set by Headgate');
const headerValue = z.string().regex(/^[\t\x20-\x7e]*$/, 'may hold printable ASCII only');

/** POSTs batches to an address; the Idempotency-Key header carries the batch id. */
export const HttpDestinationConfig = z.strictObject({
  type: z.literal('http'),
  url: z.url({ protocol: /^https?$/ }),
  headers: z.record(headerName, z.union([headerValue, SecretReference])).nullish(),
  /** Signs each request by the Standard Webhooks specification, with this secret as its key. */
  signing_secret: SecretReference.nullish(),
  gzip: z.boolean().nullish(),
});
export type HttpDestinationConfig = z.output<typeof HttpDestinationConfig>;
