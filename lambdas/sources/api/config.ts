import * as z from 'zod';
import { SecretReference } from '../../contracts/secret-reference.ts';
import { cursorFormat } from './cursor-format.ts';
import { DAY, durationMs } from './duration.ts';
import { jsonPath } from './json-path.ts';

/** Headers that belong to the connection, or that Headgate sets itself. */
const RESERVED = ['connection', 'content-length', 'expect', 'host', 'keep-alive', 'te', 'trailer', 'transfer-encoding'];

const path = z
  .string()
  .min(1)
  .max(256)
  .refine((text) => jsonPath(text) !== undefined, 'is not a path such as $.data[*]');
const name = z.string().min(1).max(128);
const url = z.url({ protocol: /^https?$/ });
const headerName = z
  .string()
  .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/, 'is not a header name')
  .refine((header) => !RESERVED.includes(header.toLowerCase()), 'is set by Headgate');
const headerValue = z
  .string()
  .max(4096)
  .regex(/^[\t\x20-\x7e]*$/, 'may hold printable ASCII only');
const scalar = z.union([z.string(), z.number(), z.boolean()]);

const Request = z
  .strictObject({
    /** With POST, parameters of pagination and increments go into the JSON body instead of the query. */
    method: z.enum(['GET', 'POST']).default('GET'),
    url,
    query: z.record(name, scalar).optional(),
    headers: z.record(headerName, z.union([headerValue, SecretReference])).optional(),
    body: z.record(z.string(), z.json()).optional(),
  })
  .refine(({ method, body }) => method === 'POST' || body === undefined, {
    path: ['body'],
    error: 'goes with the method POST only',
  });

const Auth = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('none') }),
  z.strictObject({ type: z.literal('bearer'), token: SecretReference }),
  z.strictObject({
    type: z.literal('api_key'),
    in: z.enum(['header', 'query']),
    name: headerName,
    value: SecretReference,
  }),
  z.strictObject({
    type: z.literal('basic'),
    username: z.union([z.string(), SecretReference]),
    password: SecretReference,
  }),
  /** Client credentials (RFC 6749, 4.4). */
  z.strictObject({
    type: z.literal('oauth2'),
    token_url: url,
    client_id: z.union([z.string(), SecretReference]),
    client_secret: SecretReference,
    scopes: z.array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/)).optional(),
  }),
]);

/** Where the body tells how much there is; each of them ends the reading. */
const ends = {
  /** The number of records in all. */
  total: path.optional(),
  /** Whether there is more; false, 0, null or absent: there isn't. */
  has_more: path.optional(),
};

export const PaginationConfig = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('none') }),
  z.strictObject({
    type: z.literal('page'),
    param: name,
    start: z.int().min(0).default(1),
    size_param: name.optional(),
    size: z.int().min(1).optional(),
    ...ends,
    /** The number of pages in all. */
    pages: path.optional(),
  }),
  z.strictObject({
    type: z.literal('offset'),
    offset_param: name,
    limit_param: name.optional(),
    limit: z.int().min(1).optional(),
    ...ends,
  }),
  z.strictObject({ type: z.literal('cursor'), param: name, path, has_more: ends.has_more }),
  z.strictObject({ type: z.literal('last_id'), param: name, field: name, has_more: ends.has_more }),
  z.strictObject({ type: z.literal('link_header') }),
  z.strictObject({ type: z.literal('next_url'), path }),
]);

/** A hundred years: beyond it are slips, and instants that no calendar has. */
const LONGEST_DAYS = 36_525;

/** ISO 8601: weeks, days, hours, minutes, seconds. */
const duration = z
  .string()
  .refine((text) => !/^P\d+[YM]/.test(text), {
    error: 'has years or months, which differ in length: say days, such as P30D',
    abort: true,
  })
  .regex(/^P(?=.)(\d+W)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+S)?)?$/, {
    error: 'is not a duration such as P30D or PT1H',
    abort: true,
  })
  .refine((text) => durationMs(text) <= LONGEST_DAYS * DAY, `is longer than 100 years (P${LONGEST_DAYS}D)`);

const Incremental = z
  .strictObject({
    cursor_field: name,
    /** How the field is written, and the parameters too: iso, date, epoch_s, epoch_ms, or a pattern; without an offset: UTC. */
    format: z.string().min(1).max(64).default('iso'),
    /** The beginning of history, in ISO 8601 whatever `format` is; without it, history ends with the first window that has no record. */
    start: z
      .union([z.iso.datetime({ offset: true }), z.iso.date()], {
        error: 'must be an ISO date or time such as 2024-01-01 or 2024-01-01T00:00:00Z, whatever the format',
      })
      .optional(),
    /** Length of a window of history; without it, or without both parameters, history is read in one go. */
    step: duration.refine((text) => durationMs(text) > 0, 'has no length').optional(),
    /** How far behind the high mark late records are looked for. */
    lookback: duration.optional(),
    from_param: name.optional(),
    to_param: name.optional(),
  })
  .superRefine((value, context) => {
    const problem = cursorFormat(value.format);
    if ('problem' in problem) context.addIssue({ code: 'custom', path: ['format'], message: problem.problem });
    if (value.to_param !== undefined && value.from_param === undefined)
      context.addIssue({ code: 'custom', path: ['to_param'], message: 'needs a from_param' });
  });

/** Records from an HTTP API that answers JSON. */
export const ApiSourceConfig = z.strictObject({
  type: z.literal('API'),
  request: Request,
  auth: Auth.default({ type: 'none' }),
  pagination: PaginationConfig.default({ type: 'none' }),
  records: path,
  incremental: Incremental.optional(),
});
export type ApiSourceConfig = z.output<typeof ApiSourceConfig>;
export type RequestConfig = ApiSourceConfig['request'];
export type AuthConfig = ApiSourceConfig['auth'];
export type PaginationConfig = z.output<typeof PaginationConfig>;
export type IncrementalConfig = NonNullable<ApiSourceConfig['incremental']>;
