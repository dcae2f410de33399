import { adapters as all } from '../../adapters/registry.ts';
import { FeedHealthRequest } from '../../contracts/requests.ts';
import { registeredAdapters } from '../../domain/feeds/registered-adapters.ts';
import { apiHandler } from '../../platform/api/api-handler.ts';
import { feedsFamily } from '../../platform/api/feeds-family.ts';
import { ok } from '../../platform/api/responses.ts';
import { readEnv } from '../../platform/env.ts';
import { feedStore } from '../../platform/feeds/feed-store.ts';
import { feedHealthView } from '../../platform/views/feed-health-view.ts';
import { feedsMeta } from '../../platform/views/feeds-meta.ts';

const env = readEnv('getFeedHealth');
const { adapters } = registeredAdapters(all, env.ADAPTER_SECRETS);
const feeds = feedStore(env.FEEDS_TABLE);

export const handler = apiHandler(
  'getFeedHealth',
  FeedHealthRequest,
  async (_, call) => {
    const stored = await feeds.storedOfAll();
    return ok({ data: feedHealthView(adapters, stored, call.now), _meta: feedsMeta(call) });
  },
  { family: feedsFamily },
);
