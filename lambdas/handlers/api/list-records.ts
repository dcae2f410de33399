import type * as z from 'zod';
import { adapters as all } from '../../adapters/registry.ts';
import { ListRecordsRequest } from '../../contracts/requests.ts';
import { InvalidRequestError } from '../../domain/errors.ts';
import type { Adapter } from '../../domain/feeds/adapter.ts';
import { registeredAdapters } from '../../domain/feeds/registered-adapters.ts';
import { apiHandler } from '../../platform/api/api-handler.ts';
import { feedsFamily } from '../../platform/api/feeds-family.ts';
import { ok } from '../../platform/api/responses.ts';
import { readEnv } from '../../platform/env.ts';
import { feedStore } from '../../platform/feeds/feed-store.ts';
import { decodeRecordCursor, encodeRecordCursor } from '../../platform/feeds/record-cursor.ts';
import { recordPages } from '../../platform/feeds/record-pages.ts';
import { systemClock } from '../../platform/system-clock.ts';
import { feedsMeta } from '../../platform/views/feeds-meta.ts';
import { recordSourcesView } from '../../platform/views/record-sources-view.ts';
import { recordView } from '../../platform/views/record-view.ts';

const env = readEnv('listRecords');
const { adapters, byId } = registeredAdapters(all, env.ADAPTER_SECRETS);
const feeds = feedStore(env.FEEDS_TABLE);
const pageOf = recordPages(env.RECORDS_TABLE, systemClock.now);

type Query = z.output<typeof ListRecordsRequest>['query'];

/** Records of the feeds that were asked for, in the order of the registry. */
export const handler = apiHandler(
  'listRecords',
  ListRecordsRequest,
  async ({ query }, call) => {
    const { limit, cursor, updated_since: updatedSince } = query;
    const asked = adaptersFor(query);
    const ids = asked.map(({ id }) => id);
    const after = cursor === undefined ? null : decodeRecordCursor(cursor, ids);
    const [page, stored] = await Promise.all([
      pageOf({ adapters: ids, updatedSince, limit, after }),
      feeds.storedOfAll(),
    ]);
    return ok({
      data: page.records.map(recordView),
      _meta: {
        ...feedsMeta(call),
        ...recordSourcesView(asked, stored, call.now),
        pagination: { limit, next_cursor: encodeRecordCursor(page.next) },
      },
    });
  },
  { family: feedsFamily },
);

function adaptersFor({ jurisdiction, feed_type: feedType, adapter_id: adapterId }: Query): readonly Adapter[] {
  if (adapterId !== undefined && !byId.has(adapterId)) {
    const issue = { path: 'adapter_id', message: 'is not an adapter' };
    throw new InvalidRequestError(`Invalid parameter: ${issue.path}: ${issue.message}`, [issue]);
  }
  return adapters.filter(
    (adapter) =>
      (adapterId === undefined || adapter.id === adapterId) &&
      (jurisdiction === undefined || adapter.jurisdiction === jurisdiction) &&
      (feedType === undefined || adapter.feedType === feedType),
  );
}
