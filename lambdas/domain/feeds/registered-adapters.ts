import type { Adapter } from './adapter.ts';

export type RegisteredAdapters = {
  /** In the order of listing. */
  readonly adapters: readonly Adapter[];
  readonly byId: ReadonlyMap<string, Adapter>;
  /** The name of the secret that holds an adapter's key, by its id. */
  readonly secretNames: ReadonlyMap<string, string>;
  /** Ids of those that need a key and have been given none. */
  readonly leftOut: readonly string[];
};

/**
 * Which of the adapters this deployment has, given `adapterSecrets`: `adapter=name of a secret`, one for each that needs
 * a key. What is wrong with either is found out when the deployment is synthesized.
 */
export function registeredAdapters(all: readonly Adapter[], adapterSecrets: readonly string[]): RegisteredAdapters {
  const secretNames = new Map(adapterSecrets.map(parseEntry));
  const isLeftOut = ({ id, needsSecret }: Adapter) => needsSecret && !secretNames.has(id);
  const adapters = all.filter((adapter) => !isLeftOut(adapter));
  const byId = new Map(adapters.map((adapter) => [adapter.id, adapter]));
  return { adapters, byId, secretNames, leftOut: all.filter(isLeftOut).map(({ id }) => id) };
}

function parseEntry(entry: string): readonly [string, string] {
  const at = entry.indexOf('=');
  return [entry.slice(0, at), entry.slice(at + 1)];
}
