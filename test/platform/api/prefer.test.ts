import { expect, test } from '@jest/globals';
import { preferenceOf } from '../../../lambdas/platform/api/prefer.ts';

test.each([
  ['nothing', undefined, 25, null],
  ['a shorter wait', 'wait=5', 5, 'wait=5'],
  ['no wait', 'wait=0', 0, 'wait=0'],
  ['a longer wait than there is', 'wait=600', 25, 'wait=25'],
  ['an answer at once', 'respond-async', 0, 'respond-async'],
  ['an answer at once, whatever else', 'wait=10, Respond-Async', 0, 'respond-async'],
  ['a wait among others', 'return=minimal, wait=3', 3, 'wait=3'],
  ['something unreadable', 'wait=-1, wait=soon', 25, null],
])('%s', (_what, header, waitSeconds, applied) => {
  expect(preferenceOf(header, 25)).toEqual({ waitSeconds, applied });
});
