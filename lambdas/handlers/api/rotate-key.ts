import { randomBytes } from 'node:crypto';
import { KeyRequest } from '../../contracts/requests.ts';
import { rotateKey } from '../../domain/access/manage-keys.ts';
import { apiHandler } from '../../platform/api/api-handler.ts';
import { ok } from '../../platform/api/responses.ts';
import { systemFamily } from '../../platform/api/system-family.ts';
import { readEnv } from '../../platform/env.ts';
import { keysTable } from '../../platform/keys-table.ts';
import { systemClock } from '../../platform/system-clock.ts';
import { issuedKeyView } from '../../platform/views/key-view.ts';

const env = readEnv('rotateKey');
const keys = keysTable(env.KEYS_TABLE);
const deps = { keys, now: systemClock.now, randomBytes };

export const handler = apiHandler(
  'rotateKey',
  KeyRequest,
  async ({ path }, { caller }) => ok(issuedKeyView(await rotateKey(path.key_id, caller, deps))),
  { family: systemFamily },
);
