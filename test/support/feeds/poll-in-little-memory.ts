import type { SQSRecord } from 'aws-lambda';
import { usWeatherAlerts } from '../../../lambdas/adapters/us-weather-alerts.ts';
import type { Adapter } from '../../../lambdas/domain/feeds/adapter.ts';
import { pollFeed } from '../../../lambdas/domain/feeds/poll-feed.ts';
import { pollMessages } from '../../../lambdas/platform/feeds/poll-messages.ts';
import { systemClock } from '../../../lambdas/platform/system-clock.ts';
import { memoryFeedStore } from './memory-feed-store.ts';
import { testAdapter, testBody } from './test-adapter.ts';

/*
 * A program of its own, run with as much heap as the poller has: it polls ten feeds in one batch, one of which is a real
 * adapter that is given what is named by the argument, and prints what became of each.
 */

const BYTES = 32_000_000;
const filled = (item: string) => `[${`${item},`.repeat(Math.floor(BYTES / (item.length + 1)))}${item}]`;
const featuresOf = (features: string) =>
  `{"type":"FeatureCollection","updated":"2026-01-01T00:00:00Z","features":${features}}`;

const documents: Readonly<Record<string, () => string>> = {
  '32 MB of empty objects': () => featuresOf(filled('{}')),
  '32 MB of empty lists': () => filled('[]'),
  'millions of objects of other names each': () =>
    featuresOf(`[${Array.from({ length: 2_000_000 }, (_, index) => `{"k${index}":1}`).join(',')}]`),
  '32 MB of lists in lists': () => '['.repeat(BYTES),
  'as many odd texts as there may be': () => {
    const alert = `{"properties":{"id":"a","affectedZones":[${'1,'.repeat(49_999)}1]}}`;
    return featuresOf(`[${`${alert},`.repeat(28)}${alert}]`);
  },
  'as many odd features as there may be': () => featuresOf(`[${'{},'.repeat(49_999)}{}]`),
};

const document = Buffer.from(documents[process.argv[2] ?? '']?.() ?? '');
const beside = Array.from({ length: 9 }, (_, index) => testAdapter({ id: `beside-${index}` }));
const adapters: readonly Adapter[] = [...beside.slice(0, 4), usWeatherAlerts, ...beside.slice(4)];
const byId = new Map(adapters.map((adapter) => [adapter.id, adapter]));
const store = memoryFeedStore();
const good = testBody({ records: { a: 'A' } });

const due = Math.floor(Date.now() / 1000) * 1000;
const Records = adapters.map(({ id }) => {
  const body = JSON.stringify({ adapter_id: id, due, health: null });
  return { messageId: id, body, attributes: { ApproximateReceiveCount: '1' } } as SQSRecord;
});
await pollMessages(
  { Records },
  {
    adapters: byId,
    poll: (poll, adapter) =>
      pollFeed(poll, adapter, {
        ...store,
        fetch: async ({ url }) => ({ kind: 'body', body: url.startsWith('https://feeds.test/') ? good : document }),
        secret: async () => '',
        clock: systemClock,
        onBug: (error) => console.error(error),
      }),
    now: systemClock.now,
    measure: () => undefined,
  },
);
console.info(JSON.stringify(adapters.map(({ id }) => store.health(id)?.outcome ?? 'not polled')));
