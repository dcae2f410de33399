import { operator } from '../lambdas/contracts/operator.ts';
import { createKey } from '../lambdas/domain/access/manage-keys.ts';
import { openLocalKeys } from './open-keys.ts';
import type { RunningStack } from './running-stack.ts';

/** Creates an admin key of the local stack just as `npm run keys` does. */
export async function createAdminKey(stack: RunningStack): Promise<string> {
  const { keys, close } = openLocalKeys(stack);
  try {
    const { token } = await createKey({ name: 'local admin', scopes: operator.scopes }, operator, keys);
    return token;
  } finally {
    close();
  }
}
