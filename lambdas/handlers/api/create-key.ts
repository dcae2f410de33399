import { randomBytes } from 'node:crypto';
import { CreateKeyRequest } from '../../contracts/requests.ts';
import { forgetEndedKeys } from '../../domain/access/forget-ended-keys.ts';
import { createKey } from '../../domain/access/manage-keys.ts';
import { gatewayKeys } from '../../platform/access/gateway-keys.ts';
import { apiHandler } from '../../platform/api/api-handler.ts';
import { respond } from '../../platform/api/responses.ts';
import { systemFamily } from '../../platform/api/system-family.ts';
import { readEnv } from '../../platform/env.ts';
import { keysTable } from '../../platform/keys-table.ts';
import { logger } from '../../platform/logger.ts';
import { systemClock } from '../../platform/system-clock.ts';
import { issuedKeyView } from '../../platform/views/key-view.ts';

const env = readEnv('createKey');
const keys = keysTable(env.KEYS_TABLE);
const deps = { keys, gateway: gatewayKeys(env.USAGE_PLAN), now: systemClock.now, randomBytes };

export const handler = apiHandler(
  'createKey',
  CreateKeyRequest,
  async ({ body }, { caller }) => {
    // First: a key that was made and then not told, for want of time, would be nobody's.
    await forgetEndedKeys(deps).catch((error) => logger.warn('ended keys were not removed', { error }));
    return respond(201, issuedKeyView(await createKey(body, caller, deps)));
  },
  { family: systemFamily, invalid: 'Invalid key' },
);
