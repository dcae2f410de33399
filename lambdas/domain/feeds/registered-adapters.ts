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

const SHORTEST_INTERVAL_SECONDS = 60;
/** What is being written when a deadline is over has ended before the next poll begins. */
const MARGIN_SECONDS = 15;

/**
 * Which of the adapters this deployment has, given `adapterSecrets`: `adapter=name of a secret`, one for each.
 * Throws when two have the same id, one could overlap with itself, or a secret is for none of them.
 */
export function registeredAdapters(all: readonly Adapter[], adapterSecrets: readonly string[]): RegisteredAdapters {
  const secretNames = new Map(adapterSecrets.map(parseEntry));
  for (const adapter of all) refuseUnfit(adapter);
  const known = new Map(all.map((adapter) => [adapter.id, adapter]));
  if (known.size < all.length) throw new Error('two adapters have the same id');
  const stray = [...secretNames.keys()].find((id) => known.get(id)?.needsSecret !== true);
  if (stray !== undefined) throw new Error(`adapterSecrets: ${stray} is no adapter that needs a key`);
  const isLeftOut = ({ id, needsSecret }: Adapter) => needsSecret && !secretNames.has(id);
  const adapters = all.filter((adapter) => !isLeftOut(adapter));
  const byId = new Map(adapters.map((adapter) => [adapter.id, adapter]));
  return { adapters, byId, secretNames, leftOut: all.filter(isLeftOut).map(({ id }) => id) };
}

function parseEntry(entry: string): readonly [string, string] {
  const at = entry.indexOf('=');
  const [id, name] = [entry.slice(0, at), entry.slice(at + 1)];
  if (at < 1 || name === '') throw new Error(`adapterSecrets: "${entry}" is not adapter=name of a secret`);
  return [id, name];
}

function refuseUnfit({ id, intervalSeconds, deadlineSeconds }: Adapter): void {
  if (intervalSeconds < SHORTEST_INTERVAL_SECONDS) throw new Error(`adapter ${id}: its interval is below 60 s`);
  if (deadlineSeconds + MARGIN_SECONDS > intervalSeconds) {
    throw new Error(`adapter ${id}: its deadline is not 15 s shorter than its interval`);
  }
}
