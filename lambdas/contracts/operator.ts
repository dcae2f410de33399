import { scopes } from './scopes.ts';

/** Who has the credentials of the deployment itself, and so may give any key. */
export const operator = { keyId: 'operator', scopes } as const;
