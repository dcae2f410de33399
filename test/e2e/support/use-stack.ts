import { afterAll, afterEach, beforeAll, jest } from '@jest/globals';
import { type LocalStack, type StackOptions, startLocalStack } from './local-stack.ts';
import { type WrappersApi, wrappersApi } from './wrappers-api.ts';

/** A stack for the tests of a file; its sink behaves well again after each of them. */
export function useStack(options: StackOptions = {}): { readonly stack: LocalStack; readonly api: WrappersApi } {
  // Long enough for a machine with other things to do; what has a limit of its own states it.
  jest.setTimeout(90_000);
  let stack: LocalStack;
  let api: WrappersApi;
  beforeAll(async () => {
    stack = await startLocalStack(options);
    api = wrappersApi(stack);
  }, 150_000);
  afterEach(() => api.behave({}));
  afterAll(async () => {
    const code = await stack.stop();
    if (code !== 0) throw new Error(`the stack did not end by itself (${code}):\n${stack.output()}`);
  }, 60_000);
  return {
    get stack() {
      return stack;
    },
    get api() {
      return api;
    },
  };
}
