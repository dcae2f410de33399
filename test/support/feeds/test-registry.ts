import type { Adapter } from '../../../lambdas/domain/feeds/adapter.ts';
import { testAdapter } from './test-adapter.ts';

/** A feed at `https://feeds.test/<adapter>/<part>`. */
function feed(id: string, { partIds = ['all'], ...more }: Parameters<typeof testAdapter>[0] = {}): Adapter {
  const parts = partIds.map((part) => ({ id: part, url: `https://feeds.test/${id}/${part}`, maxBytes: 10_000 }));
  return testAdapter({ id, deadlineSeconds: 10, parts: () => parts, ...more });
}

/** What a stack under test polls, by the setting `adapters`; in no order of names or of polling. */
export const adapters: readonly Adapter[] = [
  feed('steady'),
  feed('never-polled'),
  feed('forgotten'),
  feed('parted', { partIds: ['north', 'south'] }),
  feed('odd'),
  feed('slow', { deadlineSeconds: 1 }),
  feed('aged'),
  feed('twice'),
  feed('killed'),
  feed('throttled'),
  feed('beside-poison'),
  feed('roads-ca', { feedType: 'test-roads', mayBeEmpty: true }),
  feed('roads-wa', { feedType: 'test-roads', jurisdiction: 'US-WA' }),
  // Due in every minute, and hardly ever too late to begin.
  feed('ticked', { deadlineSeconds: 3 }),
];
