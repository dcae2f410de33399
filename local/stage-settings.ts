import type { Options } from './options.ts';
import { replaySecretsSetting } from './replay/replay-keys.ts';

/** The settings of stage `local` that differ from its defaults, for what `npm start` was asked for. */
export function stageSettings({
  settings,
  live,
  loopback,
}: Pick<Options, 'settings' | 'live' | 'loopback'>): Record<string, string> {
  // The replay has keys for the adapters that come along, and for nobody else's.
  const replays = !live && settings.feedsMirror === undefined && settings.adapters === undefined;
  return {
    ...(replays && { adapterSecrets: replaySecretsSetting() }),
    ...settings,
    ...(live && { feedsMirror: '' }),
    ...(!loopback && { allowedHosts: '' }),
  };
}
