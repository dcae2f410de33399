import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { adapters } from '../../adapters/registry.ts';
import { type PollDeps, pollFeed } from '../../domain/feeds/poll-feed.ts';
import { registeredAdapters } from '../../domain/feeds/registered-adapters.ts';
import { recentConditions } from '../../domain/status/recent-conditions.ts';
import { heartbeatsTable, readEnv } from '../../platform/env.ts';
import { measurePolls } from '../../platform/feeds/feed-metrics.ts';
import { feedRecords } from '../../platform/feeds/feed-records.ts';
import { feedStore } from '../../platform/feeds/feed-store.ts';
import { fetchPart } from '../../platform/feeds/fetch-part.ts';
import { isBacklog } from '../../platform/feeds/is-backlog.ts';
import { notingRedeliveries } from '../../platform/feeds/noting-redeliveries.ts';
import { pollMessages } from '../../platform/feeds/poll-messages.ts';
import { addressPolicy } from '../../platform/http/address-policy.ts';
import { guardedClient } from '../../platform/http/guarded-client.ts';
import { logger } from '../../platform/logger.ts';
import { secretReader } from '../../platform/secrets.ts';
import { beating } from '../../platform/status/beating.ts';
import { redeliveries } from '../../platform/status/redeliveries.ts';
import { systemClock } from '../../platform/system-clock.ts';

const env = readEnv('pollFeeds');
const { byId, secretNames } = registeredAdapters(adapters, env.ADAPTER_SECRETS);
const { healths, cycles } = feedStore(env.FEEDS_TABLE);
const client = guardedClient(addressPolicy(env.ALLOWED_HOSTS));
const secret = secretReader({ prefix: env.SECRETS_PREFIX, now: systemClock.now });
const deps: PollDeps = {
  healths,
  cycles,
  records: feedRecords(env.RECORDS_TABLE),
  fetch: fetchPart({ client, mirror: env.FEEDS_MIRROR, now: systemClock.now }),
  secret: (adapterId, options) => secret(String(secretNames.get(adapterId)), options),
  clock: systemClock,
  onBug: (error) => logger.error('adapter', { error: error as Error }),
};

const conditions = recentConditions(systemClock.now);
const redelivered = redeliveries(heartbeatsTable() ?? '', systemClock.now);

/** The polls of one batch of messages. */
export const handler = beating(
  'pollFeeds',
  (event: SQSEvent): Promise<SQSBatchResponse> => {
    if (isBacklog(event)) conditions.note('QueueBacklog');
    return notingRedeliveries(event, redelivered, () =>
      pollMessages(event, {
        adapters: byId,
        poll: (poll, adapter) => pollFeed(poll, adapter, deps),
        now: systemClock.now,
        measure: measurePolls,
      }),
    );
  },
  conditions.list,
);
