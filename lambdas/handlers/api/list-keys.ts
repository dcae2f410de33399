import { ListKeysRequest } from '../../contracts/requests.ts';
import { listKeys } from '../../domain/access/manage-keys.ts';
import { apiHandler } from '../../platform/api/api-handler.ts';
import { ok } from '../../platform/api/responses.ts';
import { systemFamily } from '../../platform/api/system-family.ts';
import { decodeCursor, encodeCursor } from '../../platform/dynamo.ts';
import { readEnv } from '../../platform/env.ts';
import { keysTable } from '../../platform/keys-table.ts';
import { keyView } from '../../platform/views/key-view.ts';

const env = readEnv('listKeys');
const keys = keysTable(env.KEYS_TABLE);

export const handler = apiHandler(
  'listKeys',
  ListKeysRequest,
  async ({ query: { limit, cursor } }, { caller }) => {
    const after = cursor === undefined ? undefined : decodeCursor(cursor, '');
    const page = await listKeys(caller, { limit, after }, { keys });
    return ok({ items: page.keys.map(keyView), next_cursor: encodeCursor(page.next) ?? undefined });
  },
  { family: systemFamily },
);
