import type { Adapter } from '../../../lambdas/domain/feeds/adapter.ts';
import { testAdapter } from './test-adapter.ts';

/** One feed, at `https://feeds.test/keyed/all`, which wants a key and has something to send in every minute. */
export const adapters: readonly Adapter[] = [
  testAdapter({
    id: 'keyed',
    intervalSeconds: 60,
    deadlineSeconds: 10,
    needsSecret: true,
    parts: () => [{ id: 'all', url: 'https://feeds.test/keyed/all', maxBytes: 10_000 }],
  }),
];
