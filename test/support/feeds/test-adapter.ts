import type { Adapter, ParsedRecord } from '../../../lambdas/domain/feeds/adapter.ts';
import { unreadable } from '../../../lambdas/domain/feeds/upstream-fault.ts';

/** What the test adapter's upstream publishes for one part. */
export type TestFeed = {
  readonly publishedAt?: number | null;
  readonly records: Readonly<Record<string, string>>;
  readonly unreadRows?: number;
};

/** A feed of one part or more; a record is an id and a title, `old=new` an id with an alias. */
export function testAdapter(overrides: Partial<Adapter> & { readonly partIds?: readonly string[] } = {}): Adapter {
  const { partIds = ['all'], ...more } = overrides;
  return {
    id: 'test-feed',
    jurisdiction: 'US-CA',
    feedType: 'test-things',
    intervalSeconds: 300,
    deadlineSeconds: 60,
    maxFeedAgeSeconds: 3600,
    mayBeEmpty: false,
    needsSecret: false,
    parts: () => partIds.map((id) => ({ id, url: `https://feeds.test/${id}`, maxBytes: 1_000_000 })),
    parse(body) {
      const { publishedAt = null, unreadRows = 0, records } = parsed(body);
      return { publishedAt, unreadRows, records: Object.entries(records).map(([id, title]) => testRecord(id, title)) };
    },
    ...more,
  };
}

export function testBody(feed: TestFeed): Uint8Array {
  return Buffer.from(JSON.stringify(feed));
}

export function testRecord(id: string, title: string): ParsedRecord {
  const [recordId = '', ...aliases] = id.split('=');
  return {
    recordId,
    ...(aliases.length > 0 && { aliases }),
    title,
    status: 'active',
    severity: 'minor',
    geometry: { type: 'Point', coordinates: [-120.5, 39.25] },
    startsAt: null,
    endsAt: null,
    properties: {},
  };
}

function parsed(body: Uint8Array): TestFeed {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8')) as TestFeed;
  } catch (error) {
    throw unreadable('no JSON from upstream', { cause: error });
  }
}
