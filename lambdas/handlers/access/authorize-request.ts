import { authenticator } from '../../domain/access/authenticator.ts';
import { requestAuthorizer } from '../../platform/access/request-authorizer.ts';
import { readEnv } from '../../platform/env.ts';
import { keysTable } from '../../platform/keys-table.ts';
import { systemClock } from '../../platform/system-clock.ts';

const env = readEnv('authorizeRequest');

export const handler = requestAuthorizer({
  authenticate: authenticator(keysTable(env.KEYS_TABLE), systemClock.now),
  anonymousKey: env.ANONYMOUS_KEY,
});
