import type { ApiKey } from './api-key.ts';

/** Who asks, and what they may do. */
export type Caller = Pick<ApiKey, 'keyId' | 'scopes' | 'wrapperIds' | 'expiresAt'>;

/** What a key can be given. */
export type Grant = Pick<ApiKey, 'scopes' | 'wrapperIds'>;

export function mayTouch({ wrapperIds }: Grant, wrapperId: string): boolean {
  return wrapperIds === undefined || wrapperIds.includes(wrapperId);
}

/** Whether all that a grant allows, the caller may do as well. */
export function isWithin(grant: Grant, caller: Caller): boolean {
  if (!grant.scopes.every((scope) => caller.scopes.includes(scope))) return false;
  if (caller.wrapperIds === undefined) return true;
  return grant.wrapperIds?.every((wrapperId) => mayTouch(caller, wrapperId)) ?? false;
}

/** Whether a key would still open when the caller's no longer does. */
export function outlives({ expiresAt }: Pick<ApiKey, 'expiresAt'>, caller: Caller): boolean {
  return caller.expiresAt !== undefined && (expiresAt === undefined || expiresAt > caller.expiresAt);
}
