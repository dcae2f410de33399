import { authenticator } from '../../domain/access/authenticator.ts';
import { useNoter } from '../../domain/access/use-noter.ts';
import { requestAuthorizer } from '../../platform/access/request-authorizer.ts';
import { readEnv } from '../../platform/env.ts';
import { keysTable } from '../../platform/keys-table.ts';
import { beating } from '../../platform/status/beating.ts';
import { systemClock } from '../../platform/system-clock.ts';

const env = readEnv('authorizeRequest');
const keys = keysTable(env.KEYS_TABLE);

export const handler = beating(
  'authorizeRequest',
  requestAuthorizer({
    authenticate: authenticator(keys, systemClock.now),
    noteUse: useNoter(keys, systemClock.now),
    anonymousKey: env.ANONYMOUS_KEY,
  }),
);
