import { expect, test } from '@jest/globals';
import { parseBody } from '../../../lambdas/sources/api/parse-body.ts';

const answer = { status: 200, url: 'https://api.example/v1?key=hidden', headers: {}, complete: true, isUtf8: true };

test('an answer whose bytes had to be replaced is refused, not delivered altered', () => {
  const text = '{"city":"K\uFFFDln"}';
  expect(() => parseBody({ ...answer, text, isUtf8: false })).toThrow(
    'the answer of https://api.example/v1 is not UTF-8',
  );
  expect(parseBody({ ...answer, text })).toEqual({ city: 'K\uFFFDln' });
});
