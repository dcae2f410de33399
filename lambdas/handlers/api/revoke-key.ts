import { KeyRequest } from '../../contracts/requests.ts';
import { revokeKey } from '../../domain/access/manage-keys.ts';
import { gatewayKeyRemoval } from '../../platform/access/gateway-keys.ts';
import { apiHandler } from '../../platform/api/api-handler.ts';
import { noContent } from '../../platform/api/responses.ts';
import { systemFamily } from '../../platform/api/system-family.ts';
import { readEnv } from '../../platform/env.ts';
import { keysTable } from '../../platform/keys-table.ts';
import { systemClock } from '../../platform/system-clock.ts';

const env = readEnv('revokeKey');
const keys = keysTable(env.KEYS_TABLE);
const deps = { keys, gateway: gatewayKeyRemoval(), now: systemClock.now };

export const handler = apiHandler(
  'revokeKey',
  KeyRequest,
  async ({ path }, { caller }) => {
    await revokeKey(path.key_id, caller, deps);
    return noContent();
  },
  { family: systemFamily },
);
