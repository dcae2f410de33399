import { expect, test } from '@jest/globals';
import { ApiSourceConfig } from '../../../lambdas/sources/api/config.ts';
import { durationMs } from '../../../lambdas/sources/api/duration.ts';

const smallest = { type: 'API', request: { url: 'https://api.example/items' }, records: '$.data[*]' };
const incremental = { cursor_field: 'updated_at' };

/** The paths of all problems. */
function problems(more: Record<string, unknown>): string[] {
  const parsed = ApiSourceConfig.safeParse({ ...smallest, ...more });
  return parsed.success ? [] : parsed.error.issues.map(({ path }) => path.join('.'));
}

test('the smallest definition has defaults for all else', () => {
  expect(ApiSourceConfig.parse(smallest)).toEqual({
    ...smallest,
    request: { method: 'GET', url: 'https://api.example/items' },
    auth: { type: 'none' },
    pagination: { type: 'none' },
  });
});

test.each<[string, Record<string, unknown>]>([
  ['request.url', { request: { url: 'ftp://example.com' } }],
  ['request.method', { request: { url: 'https://a.example', method: 'DELETE' } }],
  ['request.headers.Host', { request: { url: 'https://a.example', headers: { Host: 'b' } } }],
  ['request.headers.X', { request: { url: 'https://a.example', headers: { X: 'a\r\nb' } } }],
  ['auth.token', { auth: { type: 'bearer', token: 'in plain text' } }],
  ['auth.type', { auth: { type: 'digest' } }],
  ['pagination.size', { pagination: { type: 'page', param: 'page', size: 0 } }],
  ['pagination.path', { pagination: { type: 'next_url', path: '$..next' } }],
  ['records', { records: '$.data[?(@.x)]' }],
  ['incremental.step', { incremental: { ...incremental, step: '30 days' } }],
  ['incremental.step', { incremental: { ...incremental, step: 'PT0S' } }],
  ['incremental.step', { incremental: { ...incremental, step: 'P0D' } }],
  ['incremental.step', { incremental: { ...incremental, step: 'P36526D' } }],
  ['incremental.lookback', { incremental: { ...incremental, lookback: 'P9999999999999999D' } }],
  ['incremental.lookback', { incremental: { ...incremental, lookback: `PT${'9'.repeat(400)}S` } }],
  ['incremental.format', { incremental: { ...incremental, format: 'HH:mm' } }],
  ['incremental.to_param', { incremental: { ...incremental, to_param: 'to' } }],
  ['incremental.start', { incremental: { ...incremental, start: 'yesterday' } }],
])('%s is checked', (path, more) => {
  expect(problems(more)).toEqual([path]);
});

test.each(['P1M', 'P1Y', 'P1Y6M', 'P2M10D', 'P1MT1H'])('%s has no length that is always the same', (lookback) => {
  const { error } = ApiSourceConfig.safeParse({ ...smallest, incremental: { ...incremental, lookback } });
  expect(error?.issues.map(({ message }) => message)).toEqual([
    'has years or months, which differ in length: say days, such as P30D',
  ]);
});

test.each([
  ['P2W', 14 * 86_400_000],
  ['P1DT2H3M4S', 93_784_000],
  ['PT90M', 5_400_000],
  ['PT0S', 0],
  ['P36525D', 3_155_760_000_000],
])('%s is %d milliseconds', (lookback, ms) => {
  expect(problems({ incremental: { ...incremental, lookback } })).toEqual([]);
  expect(durationMs(lookback)).toBe(ms);
});

test('what is not known is a problem', () => {
  expect(problems({ pages: 3 })).toHaveLength(1);
  expect(problems({ incremental: { ...incremental, until: 'now' } })).toHaveLength(1);
});
