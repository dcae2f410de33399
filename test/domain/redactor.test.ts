import { expect, test } from '@jest/globals';
import { redactor } from '../../lambdas/domain/redactor.ts';

const KEY = 'aB3/c+d e&éà"f\\g';

test.each([
  ['as it is', KEY],
  ['in lower case', KEY.toLowerCase()],
  ['in capitals', KEY.toUpperCase()],
  ['in JSON', JSON.stringify(KEY).slice(1, -1)],
  ['in JSON that escapes slashes', JSON.stringify(KEY).slice(1, -1).replaceAll('/', '\\/')],
  ['in JSON that escapes what is not ASCII', JSON.stringify(KEY).slice(1, -1).replaceAll('é', '\\u00E9')],
  ['in a URL', encodeURIComponent(KEY)],
  ['in a URL in lower case', encodeURIComponent(KEY).toLowerCase()],
  ['in a URL that escapes less', encodeURI(KEY)],
  ['in a URL that escapes all', [...Buffer.from(KEY)].map((byte) => `%${byte.toString(16)}`).join('')],
  ['in a URL in a URL in a URL', encodeURIComponent(encodeURIComponent(encodeURIComponent(KEY)))],
  ['in HTML', KEY.replaceAll('&', '&amp;')],
  ['in a form', new URLSearchParams({ q: KEY }).toString().slice('q='.length)],
])('a secret is blotted out %s', (_, spelled) => {
  expect(redactor([KEY])(`bad key <${spelled}> and <${spelled}>!`)).toBe('bad key <[redacted]> and <[redacted]>!');
});

test('its words are blotted out apart, but not those that say what it is', () => {
  expect(redactor(['Bearer s3cret-token'])('Bearer realm; you sent S3CRET-TOKEN')).toBe(
    'Bearer realm; you sent [redacted]',
  );
});

test('of two secrets that begin alike, the longer one leaves no rest', () => {
  expect(redactor(['abcd', 'abcdefgh'])('abcdefgh, abcd')).toBe('[redacted], [redacted]');
});

test('what could be any word stays, and so does a text without secrets', () => {
  expect(redactor(['abc', 'a + b', ''])('abc of an alphabet')).toBe('abc of an alphabet');
  expect(redactor([])('nothing to hide')).toBe('nothing to hide');
});

test('a secret as long as a certificate takes no time', () => {
  const secret = 'MIIEpAIBAAKCAQEA+/'.repeat(500);
  const begun = performance.now();
  expect(redactor([secret])(`${secret.slice(0, -1)} `.repeat(100))).not.toContain('[redacted]');
  expect(performance.now() - begun).toBeLessThan(5000);
});
