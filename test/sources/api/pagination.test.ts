import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { readRecords } from '../../support/read-source.ts';
import { itBehavesLikeASource } from '../../support/source-contract.ts';
import { type ApiDefinition, openApi } from '../../support/upstream/open-api.ts';
import { startUpstream, type Upstream } from '../../support/upstream/upstream.ts';

const records = [
  { id: 'a', name: 'Tahoe' },
  { id: 'b', name: 'San José', note: null },
  { id: 'c' },
  'no record',
  { id: 'd', nested: { deep: [1] } },
  { id: 'e', 'odd.name': true },
  { id: 'f', name: 'last' },
];
const expected = records.map((record, index) =>
  typeof record === 'string'
    ? { row: index + 1, rejected: `row ${index + 1}: the record is not an object`, raw: JSON.stringify(record) }
    : { row: index + 1, fields: Object.entries(record) },
);

let upstream: Upstream;
beforeAll(async () => {
  upstream = await startUpstream(records, 3);
});
afterEach(() => {
  upstream.pageSize = 3;
  upstream.records = records;
});
afterAll(() => upstream.close());

type Style = Pick<ApiDefinition, 'pagination' | 'records'> & { readonly path: string; readonly method?: 'POST' };

const styles: { readonly [name: string]: Style } = {
  none: { path: '/all', records: '$.data[*]' },
  page: { path: '/page', records: '$.data[*]', pagination: { type: 'page', param: 'page' } },
  'page with total': {
    path: '/page',
    records: '$.data',
    pagination: { type: 'page', param: 'page', total: '$.total' },
  },
  'page from 0, sized': {
    path: '/page-0',
    records: '$[*]',
    pagination: { type: 'page', param: 'page', start: 0, size_param: 'size', size: 3 },
  },
  'page, 404 beyond the last': {
    path: '/page-404',
    records: '$.results[*]',
    pagination: { type: 'page', param: 'page' },
  },
  'number of pages as text': {
    path: '/pages',
    records: '$[1][*]',
    pagination: { type: 'page', param: 'page', pages: '$[0].pages' },
  },
  offset: {
    path: '/offset',
    records: '$.rows[*]',
    pagination: { type: 'offset', offset_param: 'offset', limit_param: 'size', limit: 2 },
  },
  cursor: { path: '/cursor', records: 'data[*]', pagination: { type: 'cursor', param: 'cursor', path: '$.meta.next' } },
  'cursor in the body of a POST': {
    path: '/cursor',
    method: 'POST',
    records: '$.data[*]',
    pagination: { type: 'cursor', param: 'cursor', path: 'meta.next' },
  },
  'last id': {
    path: '/last-id',
    records: '$.data[*]',
    pagination: { type: 'last_id', param: 'starting_after', field: 'id', has_more: 'has_more' },
  },
  'last id until an empty page': {
    path: '/last-id',
    records: '$.data[*]',
    pagination: { type: 'last_id', param: 'starting_after', field: 'id' },
  },
  'Link header': { path: '/link', records: '$', pagination: { type: 'link_header' } },
  'next URL': { path: '/next-url', records: '$.items[*]', pagination: { type: 'next_url', path: '$.links.next' } },
  'relative next URL': {
    path: '/next-relative',
    records: '$.items[*]',
    pagination: { type: 'next_url', path: 'next' },
  },
};

function definitionOf({ path, method, ...rest }: Style): ApiDefinition {
  return { request: { url: `${upstream.url}${path}`, ...(method && { method }) }, ...rest };
}

for (const [name, style] of Object.entries(styles)) {
  itBehavesLikeASource(`API, ${name}`, { open: () => openApi(definitionOf(style)), records: expected });
}

describe('the end of the pages', () => {
  const asked = async (style: string) => {
    upstream.requests.length = 0;
    const found = await readRecords(openApi(definitionOf(styles[style] as Style)));
    expect(found).toEqual(expected);
    return upstream.requests.length;
  };

  test('is where the upstream says it is, without asking once more', async () => {
    for (const style of [
      'page with total',
      'number of pages as text',
      'cursor',
      'last id',
      'Link header',
      'next URL',
    ]) {
      expect([style, await asked(style)]).toEqual([style, 3]);
    }
  });

  test('is a short page after a full one', async () => {
    expect(await asked('page from 0, sized')).toBe(3);
  });

  test('is not a page that is short because the server gives fewer than it is asked for', async () => {
    const pagination = { type: 'page', param: 'page', size_param: 'size_ignored', size: 100 } as const;
    const request = { url: `${upstream.url}/page` };
    upstream.fault = undefined;
    const found = await readRecords(openApi({ request, records: '$.data[*]', pagination }));
    expect(found).toEqual(expected);
  });
});
