import { afterAll, afterEach, beforeAll, jest } from '@jest/globals';
import { type FeedsApi, feedsApi } from './feeds-api.ts';
import { type FeedsStack, startFeedsStack } from './feeds-stack.ts';

/** A stack for the feeds of a file's tests; its store is up again after each of them. */
export function useFeedsStack(): { readonly stack: FeedsStack; readonly api: FeedsApi } {
  // Long enough for a machine with other things to do.
  jest.setTimeout(90_000);
  let stack: FeedsStack;
  let api: FeedsApi;
  beforeAll(async () => {
    stack = await startFeedsStack();
    api = feedsApi(stack);
  }, 150_000);
  afterEach(() => {
    stack.database.mode = 'up';
  });
  afterAll(() => stack.close());
  return {
    get stack() {
      return stack;
    },
    get api() {
      return api;
    },
  };
}
