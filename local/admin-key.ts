import { operator } from '../lambdas/contracts/operator.ts';
import { authenticator } from '../lambdas/domain/access/authenticator.ts';
import { createKey } from '../lambdas/domain/access/manage-keys.ts';
import { openLocalKeys } from './open-keys.ts';
import type { RunningStack } from './running-stack.ts';

/** Whether a key is one of the stack's, and in force. */
export async function opensLocally(token: string, stack: RunningStack): Promise<boolean> {
  const { keys, close } = openLocalKeys(stack);
  try {
    return (await authenticator(keys.keys, keys.now)(token)) !== undefined;
  } finally {
    close();
  }
}

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
