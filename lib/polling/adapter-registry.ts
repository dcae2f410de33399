import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as z from 'zod';
import { type Settings, SettingsError } from '../settings.ts';

export type AdapterRegistry = {
  /** Ids of adapters that need a key, and the settings name none. */
  readonly leftOut: readonly string[];
};

const root = resolve(import.meta.dirname, '../..');
/** What a poll may be late, or its call may take besides, without touching the adapter's next poll. */
const SLACK_SECONDS = 15;
const LONGEST_POLL_SECONDS = 135;

const Adapter = z
  .looseObject({
    id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be in kebab case'),
    intervalSeconds: z.number().min(60),
    deadlineSeconds: z.number().positive().max(LONGEST_POLL_SECONDS),
    needsSecret: z.boolean(),
  })
  .refine(({ intervalSeconds, deadlineSeconds }) => deadlineSeconds + SLACK_SECONDS <= intervalSeconds, {
    message: `must be at least ${SLACK_SECONDS} less than intervalSeconds`,
    path: ['deadlineSeconds'],
  });

const Module = z.looseObject({
  adapters: z.array(Adapter).refine((adapters) => new Set(adapters.map(({ id }) => id)).size === adapters.length, {
    message: 'an id is there twice',
  }),
});

/**
 * Looks into the module that the setting `adapters` names, before it is bundled.
 * @throws SettingsError that says what of module and settings is wrong
 */
export async function readAdapterRegistry(
  settings: Pick<Settings, 'adapters' | 'adapterSecrets'>,
): Promise<AdapterRegistry> {
  const module = await load(settings.adapters);
  const parsed = Module.safeParse(module);
  if (!parsed.success) throw new SettingsError(`adapters: ${settings.adapters}:\n${z.prettifyError(parsed.error)}`);
  const needing = parsed.data.adapters.filter(({ needsSecret }) => needsSecret).map(({ id }) => id);
  const given = settings.adapterSecrets.map((entry) => entry.slice(0, entry.indexOf('=')));
  const stray = given.filter((id) => !needing.includes(id));
  if (stray.length > 0) throw new SettingsError(`adapterSecrets: no adapter ${stray.join(', ')} needs a key`);
  return { leftOut: needing.filter((id) => !given.includes(id)) };
}

async function load(file: string): Promise<unknown> {
  try {
    return await import(pathToFileURL(resolve(root, file)).href);
  } catch (error) {
    throw new SettingsError(`adapters: ${file} can't be loaded: ${String(error)}`, { cause: error });
  }
}
