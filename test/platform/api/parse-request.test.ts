import { describe, expect, test } from '@jest/globals';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import type * as z from 'zod';
import {
  CreateUploadRequest,
  CreateWrapperRequest,
  DeleteWrapperRequest,
  ExecuteRequest,
  ListOfWrapperRequest,
  SetCheckpointRequest,
} from '../../../lambdas/contracts/requests.ts';
import { InvalidRequestError } from '../../../lambdas/domain/errors.ts';
import { parseRequest } from '../../../lambdas/platform/api/parse-request.ts';
import { wrapperView } from '../../../lambdas/platform/views/wrapper-view.ts';
import { pendingState } from '../../support/executing-state.ts';
import { smallestDefinition } from '../../support/wrapper-definition.ts';

type Parts = Partial<Pick<APIGatewayProxyEvent, 'headers' | 'isBase64Encoded'>> & {
  readonly path?: Record<string, string>;
  readonly query?: Record<string, string>;
  readonly repeated?: Record<string, string[]>;
  readonly repeatedHeaders?: Record<string, string[]>;
  readonly body?: unknown;
};

const path = { wrapper_id: 'w-1' };

function parse<Schema extends z.ZodType>(schema: Schema, parts: Parts): z.output<Schema> {
  const { body } = parts;
  const event = {
    pathParameters: parts.path ?? null,
    queryStringParameters: parts.query ?? null,
    multiValueQueryStringParameters: parts.repeated ?? null,
    headers: parts.headers ?? null,
    ...(parts.repeatedHeaders && { multiValueHeaders: parts.repeatedHeaders }),
    body: typeof body === 'string' || body === undefined ? (body ?? null) : JSON.stringify(body),
    isBase64Encoded: parts.isBase64Encoded ?? false,
  };
  return parseRequest(schema, event as unknown as APIGatewayProxyEvent, 'Invalid wrapper');
}

/** The error of a request that must not go through. */
function refusal(schema: z.ZodType, parts: Parts): InvalidRequestError {
  try {
    parse(schema, parts);
  } catch (error) {
    if (error instanceof InvalidRequestError) return error;
    throw error;
  }
  throw new Error('the request went through');
}

const api = { type: 'API', request: { url: 'https://example.com/items' }, records: '$[*]' };

const definition = (changes: Record<string, unknown>) =>
  refusal(CreateWrapperRequest, { body: { ...smallestDefinition, ...changes } });

describe('a definition', () => {
  test('gets its defaults', () => {
    expect(parse(CreateWrapperRequest, { body: smallestDefinition }).body).toMatchObject({
      mode: 'once',
      interval_seconds: 300,
      batch_size: 500,
      max_quarantined: 1000,
    });
  });

  test('may come base64-encoded', () => {
    const body = Buffer.from(JSON.stringify(smallestDefinition)).toString('base64');
    expect(parse(CreateWrapperRequest, { body, isBase64Encoded: true }).body.name).toBe('stations');
  });

  test('with a problem names the field as the user wrote it', () => {
    expect(definition({ batch_size: 5001 }).message).toMatch(/^Invalid wrapper: batch_size: /);
    const fields = [{ from: 'Temp' }, { from: 7 }];
    expect(definition({ mapping: { fields } }).issues).toEqual([
      { path: 'mapping.fields[1].from', message: 'must be a string' },
    ]);
  });

  test('with many problems lists them all at once', () => {
    const { issues, message } = definition({ name: 7, batch_size: 'many', mode: 'twice', extra: 1, other: 2 });
    expect(issues.map((issue) => issue.path).sort()).toEqual(['batch_size', 'extra', 'mode', 'name', 'other']);
    expect(message.startsWith(`Invalid wrapper: ${issues[0]?.path}: ${issues[0]?.message}`)).toBe(true);
  });

  test('without what it needs is told so', () => {
    const { issues } = refusal(CreateWrapperRequest, { body: {} });
    expect(issues).toEqual(
      expect.arrayContaining([
        { path: 'name', message: 'is required' },
        { path: 'source', message: expect.any(String) },
        { path: 'destination', message: expect.any(String) },
      ]),
    );
  });

  test.each([
    ['an unknown field', { colour: 'red' }, 'colour', 'unknown field'],
    [
      'an unknown field inside',
      { source: { ...smallestDefinition.source, options: { colour: 1 } } },
      'source.options.colour',
      'unknown field',
    ],
    ['an unknown source', { source: { type: 'PDF' } }, 'source.type', /must be one of.*CSV/],
    ['no location', { source: { type: 'CSV' } }, 'source.location', /file_id.*s3.*url/],
    [
      'two locations',
      { source: { type: 'CSV', location: { s3: 's3://bucket/key', url: 'https://example.com' } } },
      'source.location',
      /one of/,
    ],
    [
      'marks of numbers that are the same',
      { source: { ...smallestDefinition.source, options: { decimal: ',', thousands: ',' } } },
      'source.options.thousands',
      'must differ from decimal',
    ],
    [
      'a secret in the clear',
      { source: { ...api, auth: { type: 'bearer', token: 'abc' } } },
      'source.auth.token',
      /^must be {"secret": "name"}$/,
    ],
    [
      'a header that is neither text nor secret',
      { destination: { type: 'http', url: 'https://example.com', headers: { 'X-Y': 1 } } },
      'destination.headers.X-Y',
      /^must be a string, or must be {"secret": "name"}$/,
    ],
    [
      'a header of a secret without a name',
      { destination: { type: 'http', url: 'https://example.com', headers: { 'X-Y': { secret: '' } } } },
      'destination.headers.X-Y.secret',
      /^must be 1 to 256 letters/,
    ],
    [
      'a start of history as the upstream writes it',
      { source: { ...api, incremental: { cursor_field: 'at', format: 'epoch_s', start: 1704067200 } } },
      'source.incremental.start',
      /^must be an ISO date or time such as/,
    ],
    [
      'a body that would not be sent',
      { source: { ...api, request: { url: 'https://example.com', body: {} } } },
      'source.request.body',
      'goes with the method POST only',
    ],
    ['an address that is none', { destination: { type: 'http', url: 'ftp://example.com' } }, 'destination.url', /./],
    [
      'patterns that would take too long together',
      { mapping: { fields: ['a', 'b', 'c'].map((from) => ({ from, match: '(?:\\pL?){240}(\\d)' })) } },
      'mapping.fields',
      'have patterns that take more than 1000 steps together: repeat less in {…}',
    ],
    ['text for a number', { interval_seconds: '300' }, 'interval_seconds', /must be/],
    ['null for a field that has none', { name: null }, 'name', 'must be a string'],
    ['a blank name', { name: '  ' }, 'name', /./],
  ])('with %s is refused at that field', (_what, changes, field, message) => {
    const { issues } = definition(changes);
    expect(issues).toHaveLength(1);
    expect(issues[0]?.path).toBe(field);
    expect(issues[0]?.message).toMatch(message);
  });

  test.each(['__proto__', 'constructor', 'toString'])('with a field called %s is refused like any other', (name) => {
    const body = JSON.stringify(smallestDefinition).replace('{', `{"${name}":{"polluted":true},`);
    expect(refusal(CreateWrapperRequest, { body }).issues).toEqual([{ path: name, message: 'unknown field' }]);
    expect('polluted' in {}).toBe(false);
  });

  test.each([
    ['nothing', undefined, 'body: is required'],
    ['no JSON', '{"name": ', 'body: is not valid JSON'],
    ['a list', [], 'body: must be an object'],
    ['a text', '"stations"', 'body: must be an object'],
    ['null', 'null', 'body: must be an object'],
  ])('that is %s is refused', (_what, body, message) => {
    expect(refusal(CreateWrapperRequest, { body }).message).toBe(`Invalid wrapper: ${message}`);
  });
});

describe('queries and headers', () => {
  test('have their defaults and their limits', () => {
    expect(parse(ListOfWrapperRequest, { path }).query).toEqual({ limit: 100 });
    expect(parse(ListOfWrapperRequest, { path, query: { limit: '1000' } }).query).toEqual({ limit: 1000 });
    expect(refusal(ListOfWrapperRequest, { path, query: { page: '2' } }).issues).toEqual([
      { path: 'page', message: 'unknown parameter' },
    ]);
  });

  test.each([
    ['0', 'must be at least 1'],
    ['1001', 'must be at most 1000'],
    ['9'.repeat(20), 'must be at most 1000'],
    ...['1.5', 'ten', '', '0x10', '1e2', ' 5', '+5', '-1', '٣'].map((limit) => [
      limit,
      'must be a whole number, in digits',
    ]),
  ])('have no limit of %j', (limit, message) => {
    expect(refusal(ListOfWrapperRequest, { path, query: { limit } }).issues).toEqual([{ path: 'limit', message }]);
  });

  test('know yes and no by name only', () => {
    expect(parse(DeleteWrapperRequest, { path, query: { stop: 'true' } }).query.stop).toBe(true);
    expect(parse(DeleteWrapperRequest, { path }).query.stop).toBe(false);
    expect(refusal(DeleteWrapperRequest, { path, query: { stop: '1' } }).issues[0]?.path).toBe('stop');
  });

  test('are found whatever the case of a header name', () => {
    const { headers } = parse(ExecuteRequest, { path, headers: { 'IDEMPOTENCY-Key': 'k', Prefer: 'wait=1' } });
    expect(headers).toEqual({ 'idempotency-key': 'k', prefer: 'wait=1' });
  });

  test('refuse an idempotency key that is none', () => {
    for (const key of ['', 'with blanks', 'ü', 'x'.repeat(256)])
      expect(refusal(ExecuteRequest, { path, headers: { 'Idempotency-Key': key } }).issues[0]?.path).toBe(
        'idempotency-key',
      );
  });

  test('tell where to start, which a body can not', () => {
    expect(refusal(ExecuteRequest, { path, body: { from: 'start' } }).issues).toEqual([
      { path: 'from', message: 'goes into the address: ?from=start, or ?from=cp-42' },
    ]);
  });

  test('tell where to start: the beginning, or a checkpoint', () => {
    for (const from of ['start', 'cp-42'])
      expect(parse(ExecuteRequest, { path, query: { from } }).query.from).toBe(from);
    for (const from of ['end', 'cp-', '42', 'cp-1234567890123'])
      expect(refusal(ExecuteRequest, { path, query: { from } }).issues).toEqual([
        { path: 'from', message: 'must be "start" or a checkpoint id such as cp-42' },
      ]);
  });
});

test('a checkpoint may be put back as it was got', () => {
  const body = { id: 'cp-3', phase: null, position: { row: 1 } };
  expect(parse(SetCheckpointRequest, { path, body }).body).toEqual({ id: 'cp-3' });
  expect(refusal(SetCheckpointRequest, { path, body: { id: '3' } }).issues[0]?.path).toBe('id');
});

test('an upload names a table file and its size', () => {
  expect(parse(CreateUploadRequest, { body: { filename: 'a.CSV', size: 1 } }).body.size).toBe(1);
  const { issues } = refusal(CreateUploadRequest, { body: { filename: 'a.pdf', size: -1 } });
  expect(issues.map((issue) => issue.path)).toEqual(['filename', 'size']);
});

describe('metadata', () => {
  const withMetadata = (metadata: string) =>
    JSON.stringify({ ...smallestDefinition, metadata: 0 }).replace(/0}$/, `${metadata}}`);

  test('is kept and shown as it was written: digits of numbers, names such as __proto__', () => {
    const metadata = '{"big":12345678901234567890,"deep":[{"price":1.10,"far":1E400}],"__proto__":{"a":1},"n":1.5}';
    const { body } = parse(CreateWrapperRequest, { body: withMetadata(metadata) });
    expect(JSON.stringify(wrapperView(pendingState(), body, []))).toContain(`"metadata":${metadata}`);
  });

  test.each(['[]', '"text"', '1.10'])('%s is refused', (metadata) => {
    const { message } = refusal(CreateWrapperRequest, { body: withMetadata(metadata) });
    expect(message).toBe('Invalid wrapper: metadata: must be an object');
  });
});

test('a parameter that is given twice is refused: the gateway passes on only one of them', () => {
  const repeated = { limit: ['5', '6'], cursor: ['a'] };
  expect(refusal(ListOfWrapperRequest, { path, query: { limit: '6' }, repeated })).toMatchObject({
    message: 'Invalid wrapper: limit: is given more than once',
    issues: [{ path: 'limit', message: 'is given more than once' }],
  });
});

describe('a header that comes more than once', () => {
  const asked = (name: string, values: string[]) => ({
    path,
    query: {},
    // The gateway's own map has the last one only.
    headers: { [name]: values.at(-1) ?? '' },
    repeatedHeaders: { [name]: values },
  });

  test('is a list where lists have a meaning', () => {
    const { headers } = parse(ExecuteRequest, asked('Prefer', ['wait=3', 'return=minimal']));
    expect(headers.prefer).toBe('wait=3, return=minimal');
  });

  test('is refused as an Idempotency-Key: which of the two was meant nobody can tell', () => {
    const { issues } = refusal(ExecuteRequest, asked('Idempotency-Key', ['a', 'b']));
    expect(issues).toEqual([{ path: 'idempotency-key', message: expect.stringContaining('without blanks') }]);
  });

  test('is the same one however its name is written', () => {
    const repeatedHeaders = { 'Idempotency-Key': ['a'], 'idempotency-key': ['b'] };
    expect(refusal(ExecuteRequest, { path, query: {}, repeatedHeaders }).issues).toHaveLength(1);
  });
});
