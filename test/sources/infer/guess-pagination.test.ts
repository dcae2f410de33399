import { describe, expect, test } from '@jest/globals';
import type { JsonValue } from '../../../lambdas/domain/json.ts';
import { type FoundRecords, findRecords } from '../../../lambdas/sources/infer/find-records.ts';
import { guessPagination } from '../../../lambdas/sources/infer/guess-pagination.ts';

const items = (count: number) => Array.from({ length: count }, (_, id) => ({ id }));

describe('records', () => {
  test.each<[string, JsonValue]>([
    ['$[*]', items(3)],
    ['$.data[*]', { data: items(3), meta: { page: 1 } }],
    ['$.result.records[*]', { success: true, result: { records: items(2), fields: [{ id: 'a' }] } }],
    ['$[1][*]', [{ page: 1, pages: 2 }, items(3)]],
    ['$.features[*]', { type: 'FeatureCollection', features: [{ id: 1, geometry: { coordinates: [1, 2] } }] }],
    ['$["odd.name"][*]', { 'odd.name': items(2) }],
    ['$', { status: 'ok', values: [1, 2, 3] }],
  ])('are at %s', (path, body) => {
    expect(findRecords(body)?.path).toBe(path);
  });

  test('are not in lists of anything else', () => {
    expect(findRecords([1, 2, 3])).toBeUndefined();
    expect(findRecords([])).toBeUndefined();
    expect(findRecords('text')).toBeUndefined();
  });
});

describe('pagination', () => {
  const guesses = (body: JsonValue, query = '', headers: Record<string, string> = {}) =>
    guessPagination(new URL(`https://api.example/x${query}`), body, headers, findRecords(body) as FoundRecords).map(
      ({ pagination }) => pagination,
    );

  test.each<[string, JsonValue, string, Record<string, string>, object]>([
    ['a Link header', items(3), '', { link: '<https://api.example/x?page=2>; rel="next"' }, { type: 'link_header' }],
    [
      'a next address',
      { data: items(2), links: { next: 'https://api.example/x?page=2' } },
      '',
      {},
      { type: 'next_url', path: '$.links.next' },
    ],
    [
      'a JSON:API link',
      { data: items(2), links: { next: { href: '/x?page=2' } } },
      '',
      {},
      { type: 'next_url', path: '$.links.next.href' },
    ],
    [
      'an OData link',
      { value: items(2), '@odata.nextLink': 'https://api.example/x?$skip=2' },
      '',
      {},
      { type: 'next_url', path: '$["@odata.nextLink"]' },
    ],
    [
      'a cursor',
      { data: items(2), next_cursor: 'abc' },
      '',
      {},
      { type: 'cursor', param: 'cursor', path: '$.next_cursor' },
    ],
    [
      'a page token',
      { items: items(2), nextPageToken: 'abc' },
      '',
      {},
      { type: 'cursor', param: 'pageToken', path: '$.nextPageToken' },
    ],
    [
      'has_more and ids',
      { data: items(2), has_more: true },
      '',
      {},
      { type: 'last_id', param: 'starting_after', field: 'id', has_more: '$.has_more' },
    ],
    [
      'pages',
      [{ page: 1, pages: '4' }, items(2)],
      '?per_page=2',
      {},
      { type: 'page', param: 'page', start: 1, size_param: 'per_page', size: 2, pages: '$[0].pages' },
    ],
    [
      'an offset with a limit',
      items(2),
      '?$limit=2&$offset=0',
      {},
      { type: 'offset', offset_param: '$offset', limit_param: '$limit', limit: 2 },
    ],
    ['a size of pages alone', items(2), '?per_page=2', {}, { type: 'page', param: 'page', size_param: 'per_page' }],
    ['a limit alone', items(2), '?$limit=2', {}, { type: 'offset', offset_param: '$offset', limit_param: '$limit' }],
  ])('by %s', (_, body, query, headers, expected) => {
    expect(guesses(body, query, headers)[0]).toMatchObject(expected);
  });

  test('nothing speaks of other pages', () => {
    expect(guesses(items(7))).toEqual([]);
    expect(guesses({ data: items(7), total: 7 })).toEqual([]);
  });

  test('a count of records within records, or an address of something else, says nothing', () => {
    expect(guesses({ data: [{ id: 1, total: 99, next: '/other' }], self: 'https://api.example/x' })).toEqual([]);
  });
});
