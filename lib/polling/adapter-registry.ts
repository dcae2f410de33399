import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as z from 'zod';
import { type Settings, SettingsError } from '../settings.ts';

export type AdapterRegistry = {
  /** Those that are polled, in the order of listing. */
  readonly adapters: readonly RegisteredAdapter[];
  /** Ids of adapters that need a key, and the settings name none. */
  readonly leftOut: readonly string[];
};

type RegisteredAdapter = { readonly id: string; readonly intervalSeconds: number };

const root = resolve(import.meta.dirname, '../..');
/** What a poll may be late, or its call may take besides, without touching the adapter's next poll. */
const SLACK_SECONDS = 15;
const LONGEST_POLL_SECONDS = 135;

/** As long as what clients may filter by. */
const name = z.string().min(1).max(100);
const seconds = z.number().positive();
const method = z.custom((value) => typeof value === 'function', 'must be a function');

const Adapter = z
  .looseObject({
    id: name.regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be in kebab case'),
    jurisdiction: name,
    feedType: name,
    intervalSeconds: z.number().min(60, 'must be at least 60'),
    deadlineSeconds: seconds.max(LONGEST_POLL_SECONDS, `must be at most ${LONGEST_POLL_SECONDS}`),
    maxFeedAgeSeconds: seconds,
    staleAfterSeconds: seconds.optional(),
    downAfterSeconds: seconds.optional(),
    mayBeEmpty: z.boolean(),
    needsSecret: z.boolean(),
    parts: method,
    parse: method,
  })
  .refine(({ intervalSeconds, deadlineSeconds }) => deadlineSeconds + SLACK_SECONDS <= intervalSeconds, {
    message: `must be at least ${SLACK_SECONDS} less than intervalSeconds`,
    path: ['deadlineSeconds'],
  });
type Adapter = z.output<typeof Adapter>;

/**
 * Looks into the module that the setting `adapters` names, before it is bundled.
 * @throws SettingsError that says in one line what of module and settings is wrong
 */
export async function readAdapterRegistry(
  settings: Pick<Settings, 'adapters' | 'adapterSecrets'>,
): Promise<AdapterRegistry> {
  const all = adaptersIn(await load(settings.adapters), settings.adapters);
  const needing = all.filter(({ needsSecret }) => needsSecret).map(({ id }) => id);
  const given = settings.adapterSecrets.map((entry) => entry.slice(0, entry.indexOf('=')));
  const stray = given.filter((id) => !needing.includes(id));
  if (stray.length > 0) throw new SettingsError(`adapterSecrets: no adapter ${stray.join(', ')} needs a key`);
  const leftOut = needing.filter((id) => !given.includes(id));
  return { adapters: all.filter(({ id }) => !leftOut.includes(id)), leftOut };
}

async function load(file: string): Promise<object> {
  try {
    return await import(pathToFileURL(resolve(root, file)).href);
  } catch (error) {
    throw new SettingsError(`adapters: ${file} can't be loaded: ${String(error)}`, { cause: error });
  }
}

function adaptersIn(module: object, file: string): readonly Adapter[] {
  const refused = (why: string) => new SettingsError(`adapters: ${file}: ${why}`);
  if (!('adapters' in module) || !Array.isArray(module.adapters)) throw refused('exports no list named "adapters"');
  // Nothing would be polled, and nothing would tell that this was not meant.
  if (module.adapters.length === 0) throw refused('exports an empty list of adapters');
  const read = module.adapters.map((adapter: unknown, index) => readAdapter(adapter, index));
  const mistakes = read.flatMap(({ mistakes: found }) => found);
  if (mistakes.length > 0) throw refused(mistakes.join('; '));
  const adapters = read.flatMap(({ adapter }) => adapter ?? []);
  const twice = [...Map.groupBy(adapters, ({ id }) => id)].filter(([, { length }]) => length > 1);
  if (twice.length > 0) throw refused(`more than one adapter ${twice.map(([id]) => `"${id}"`).join(', ')}`);
  return adapters;
}

function readAdapter(value: unknown, index: number): { readonly adapter?: Adapter; readonly mistakes: string[] } {
  const { success, data, error } = Adapter.safeParse(value, {
    error: ({ input }) => (input === undefined ? 'is missing' : undefined),
  });
  if (success) return { adapter: data, mistakes: [] };
  const { id } = Object(value) as { id?: unknown };
  const which = typeof id === 'string' ? `adapter "${id}"` : `adapter number ${index + 1}`;
  return { mistakes: error.issues.map(({ path, message }) => [`${which}:`, ...path, message].join(' ')) };
}
