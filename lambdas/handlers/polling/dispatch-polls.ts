import { adapters as all } from '../../adapters/registry.ts';
import { dispatchPolls } from '../../domain/feeds/dispatch-polls.ts';
import { registeredAdapters } from '../../domain/feeds/registered-adapters.ts';
import { readEnv } from '../../platform/env.ts';
import { measureTick } from '../../platform/feeds/feed-metrics.ts';
import { feedStore } from '../../platform/feeds/feed-store.ts';
import { sendPolls } from '../../platform/feeds/send-polls.ts';
import { logger } from '../../platform/logger.ts';
import { beating } from '../../platform/status/beating.ts';
import { lookForDeadLetters } from '../../platform/status/dead-letters.ts';
import { systemClock } from '../../platform/system-clock.ts';

const env = readEnv('dispatchPolls');
const { adapters, leftOut } = registeredAdapters(all, env.ADAPTER_SECRETS);
const { healths, cycles, heartbeat } = feedStore(env.FEEDS_TABLE);
const send = sendPolls(env.POLL_QUEUE_URL);
if (leftOut.length > 0) logger.info('adapters without a key are left out', { adapters: leftOut });

/** Every minute: sends a poll for each adapter that is due. */
export const handler = beating(
  'dispatchPolls',
  async (): Promise<void> => {
    const tick = await dispatchPolls({ adapters, healths, cycles, heartbeat, send, now: systemClock.now });
    measureTick(tick);
    logger.info('tick', { sent: tick.sent });
  },
  lookForDeadLetters(env.DEAD_LETTERS_URLS),
);
