import { randomBytes } from 'node:crypto';
import { CreateKeyRequest } from '../../contracts/requests.ts';
import { createKey } from '../../domain/access/manage-keys.ts';
import { gatewayKeys } from '../../platform/access/gateway-keys.ts';
import { apiHandler } from '../../platform/api/api-handler.ts';
import { respond } from '../../platform/api/responses.ts';
import { systemFamily } from '../../platform/api/system-family.ts';
import { readEnv } from '../../platform/env.ts';
import { keysTable } from '../../platform/keys-table.ts';
import { systemClock } from '../../platform/system-clock.ts';
import { issuedKeyView } from '../../platform/views/key-view.ts';

const env = readEnv('createKey');
const keys = keysTable(env.KEYS_TABLE);
const deps = { keys, gateway: gatewayKeys(env.USAGE_PLAN), now: systemClock.now, randomBytes };

export const handler = apiHandler(
  'createKey',
  CreateKeyRequest,
  async ({ body }, { caller }) => respond(201, issuedKeyView(await createKey(body, caller, deps))),
  { family: systemFamily, invalid: 'Invalid key' },
);
