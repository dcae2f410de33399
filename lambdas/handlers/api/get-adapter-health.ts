import { adapters } from '../../adapters/registry.ts';
import { AdapterHealthRequest } from '../../contracts/requests.ts';
import { NotFoundError } from '../../domain/errors.ts';
import { registeredAdapters } from '../../domain/feeds/registered-adapters.ts';
import { apiHandler } from '../../platform/api/api-handler.ts';
import { feedsFamily } from '../../platform/api/feeds-family.ts';
import { ok } from '../../platform/api/responses.ts';
import { readEnv } from '../../platform/env.ts';
import { feedStore } from '../../platform/feeds/feed-store.ts';
import { adapterHealthView } from '../../platform/views/adapter-health-view.ts';
import { feedsMeta } from '../../platform/views/feeds-meta.ts';

const env = readEnv('getAdapterHealth');
const { byId } = registeredAdapters(adapters, env.ADAPTER_SECRETS);
const feeds = feedStore(env.FEEDS_TABLE);

/** The registry alone says which adapters there are: what is stored of a former one is not shown. */
export const handler = apiHandler(
  'getAdapterHealth',
  AdapterHealthRequest,
  async ({ path }, call) => {
    const adapter = byId.get(path.adapterId);
    if (adapter === undefined) throw new NotFoundError('Adapter not found');
    const stored = await feeds.stored(adapter.id);
    return ok({ data: adapterHealthView(adapter, stored, call.now), _meta: feedsMeta(call) });
  },
  { family: feedsFamily },
);
