import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ApiKeyModel } from '../template/model.ts';

/** Dates in epoch seconds. */
export type ApiKey = {
  readonly id: string;
  readonly value: string;
  readonly name: string;
  readonly description?: string | undefined;
  readonly enabled: boolean;
  readonly tags: Readonly<Record<string, string>>;
  readonly createdDate: number;
  readonly usagePlanIds: readonly string[];
};

export type KeyStore = {
  list(): readonly ApiKey[];
  put(key: ApiKey): void;
  remove(id: string): void;
};

/**
 * The gateway's keys: those of the template, and those that were made since, which are kept in one file that is
 * replaced as a whole with each change.
 */
export function openKeyStore(directory: string, ofTemplate: readonly ApiKeyModel[], now: () => number): KeyStore {
  mkdirSync(directory, { recursive: true });
  const file = path.join(directory, 'gateway-keys.json');
  const stored: ApiKey[] = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
  const createdDate = Math.floor(now() / 1000);
  const given = new Map(ofTemplate.map((key) => [key.id, { ...key, tags: {}, createdDate }]));
  const keys = new Map(stored.map((key) => [key.id, key]));
  const save = (): void => {
    writeFileSync(`${file}.new`, JSON.stringify([...keys.values()], null, 2), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  };
  return {
    list: () => [...new Map([...given, ...keys]).values()],
    put: (key) => {
      keys.set(key.id, key);
      save();
    },
    remove: (id) => {
      given.delete(id);
      keys.delete(id);
      save();
    },
  };
}
