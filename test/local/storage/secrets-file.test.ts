import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { secretsFile } from '../../../local/storage/secrets/secrets-file.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

let dataDir: string;
let file: string;
let remove: () => void;
beforeEach(() => {
  ({ path: dataDir, remove } = temporaryDirectory());
  file = path.join(dataDir, 'secrets.json');
});
afterEach(() => remove());
const kept = () => JSON.parse(readFileSync(file, 'utf8'));

test('secrets that are given are there from the start, for the owner alone', () => {
  const { GetSecretValue } = secretsFile(dataDir, 'headgate/local/', { key: 'made up' });
  expect(kept()).toEqual({ key: 'made up' });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(GetSecretValue?.({ SecretId: 'headgate/local/key' })).toMatchObject({ SecretString: 'made up' });
});

test('a file that others can read is closed to them: as it is found, and whenever it was saved so', () => {
  writeFileSync(file, '{"key": "1"}');
  chmodSync(file, 0o644);
  const { GetSecretValue } = secretsFile(dataDir, '');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  chmodSync(file, 0o664);
  GetSecretValue?.({ SecretId: 'key' });
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('what its owner has written stays', () => {
  writeFileSync(file, '{"key": "edited", "mine": "1"}');
  secretsFile(dataDir, '', { key: 'made up', other: '2' });
  expect(kept()).toEqual({ key: 'edited', mine: '1', other: '2' });
});

test('a file that cannot be read is left as it is, and named', () => {
  writeFileSync(file, '{"key": "edi');
  expect(() => secretsFile(dataDir, '', { key: 'made up' })).toThrow(`${file} can't be read as JSON`);
  expect(readFileSync(file, 'utf8')).toBe('{"key": "edi');
});
