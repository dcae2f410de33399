/** The keys under which the replay answers as upstreams that want one: made up, worth nothing anywhere else. */
export const replayKeys = {
  'wa-mountain-passes': { secret: 'replay-wsdot-access-code', value: 'replayed-passes' },
  'co-work-zones': { secret: 'replay-cotrip-api-key', value: 'replayed-work-zones' },
} as const;

/** `adapter=secret,…`, as the setting `adapterSecrets` has it. */
export function replaySecretsSetting(): string {
  return Object.entries(replayKeys)
    .map(([adapterId, { secret }]) => `${adapterId}=${secret}`)
    .join(',');
}

/** Their values by the names of their secrets. */
export function replaySecrets(): Record<string, string> {
  return Object.fromEntries(Object.values(replayKeys).map(({ secret, value }) => [secret, value]));
}
