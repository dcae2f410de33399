import { expect, test } from '@jest/globals';
import { callFailure } from '../../lambdas/platform/call-failure.ts';

const failure = (name: string, httpStatusCode?: number) =>
  Object.assign(new Error('about canary'), { name, $metadata: { httpStatusCode } });

test.each([
  ['InternalError', 500],
  ['SlowDown', 503],
  ['RequestTimeout', 408],
  ['OperationAborted', 409],
  ['TooManyRequests', 429],
  ['RequestThrottled', 400],
  ['ThrottlingException', 400],
  ['ExpiredToken', 400],
  ['TimeoutError', undefined],
])('%s (%s) may mend itself', (name, status) => {
  expect(callFailure(failure(name, status))).toEqual({ reason: name, mendable: true });
});

test.each([
  ['AccessDenied', 403],
  ['NoSuchBucket', 404],
  ['QueueDoesNotExist', 400],
  ['PermanentRedirect', 301],
])('%s (%d) will not', (name, status) => {
  expect(callFailure(failure(name, status))).toEqual({ reason: name, mendable: false });
});

test('what is no error at all may mend itself', () => {
  expect(callFailure('text')).toEqual({ reason: 'unknown error', mendable: true });
});
