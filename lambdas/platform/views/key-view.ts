import type { ApiKey } from '../../domain/access/api-key.ts';
import type { IssuedKey } from '../../domain/access/manage-keys.ts';
import { isoSeconds } from '../api/responses.ts';

/** A key as its maker gets it, once. What it has not is left out. */
export function issuedKeyView({ key, token }: IssuedKey) {
  const { key_id, ...rest } = grantView(key);
  return { key_id, key: token, ...rest };
}

/** A key without its secret. */
export function keyView(key: ApiKey) {
  return {
    ...grantView(key),
    created_at: isoSeconds(key.createdAt),
    last_used_at: instant(key.lastUsedAt),
    revoked: key.revokedAt !== undefined,
  };
}

function grantView({ keyId, name, scopes, wrapperIds, expiresAt }: ApiKey) {
  return { key_id: keyId, name, scopes, wrapper_ids: wrapperIds, expires_at: instant(expiresAt) };
}

/** Undefined is left out of JSON. */
function instant(at: number | undefined): string | undefined {
  return at === undefined ? undefined : isoSeconds(at);
}
