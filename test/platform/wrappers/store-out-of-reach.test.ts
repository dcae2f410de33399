import { expect, test } from '@jest/globals';
import { RetryableError } from '../../../lambdas/domain/errors.ts';
import { wrapperStore } from '../../../lambdas/platform/wrappers/wrapper-store.ts';
import { pendingState } from '../../support/executing-state.ts';
import { startWrappersTable } from '../../support/wrappers-table.ts';

test('a store out of reach is something to try again later, not an unknown wrapper', async () => {
  const database = await startWrappersTable();
  await database.close();
  const { states, history } = wrapperStore(database.table);
  await expect(states.load('w-1')).rejects.toThrow(RetryableError);
  await expect(states.save(pendingState())).rejects.toThrow(RetryableError);
  await expect(history.listLogs('w-1', { limit: 1 })).rejects.toThrow(RetryableError);
});
