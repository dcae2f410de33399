import { type Scope, scopes } from './scopes.ts';

const read = scopes.filter((scope) => scope.endsWith(':read'));

/** Bundles of scopes that a key is created with (docs/api.md, "Access"). */
export const roles = {
  read,
  write: [...read, 'wrappers:write', 'wrappers:execute'],
  admin: scopes,
} as const satisfies Record<string, readonly Scope[]>;

export type Role = keyof typeof roles;
