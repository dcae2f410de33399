import type { Model } from '../engine/template/model.ts';

/** Stands for the replay upstream in the settings, as its port is known only when it listens. */
const REPLAY = 'http://replay.localhost';

/** Whether feeds are to be read from the replay upstream. */
export function readsReplay({ functions }: Model): boolean {
  return functions.some(({ environment }) => environment.FEEDS_MIRROR === REPLAY);
}

/** The model with the replay upstream's real address, on this machine, where the one that stands for it was. */
export function readingFrom(url: string, model: Model): Model {
  const functions = model.functions.map((fn) => {
    const { FEEDS_MIRROR, ALLOWED_HOSTS = '' } = fn.environment;
    if (FEEDS_MIRROR !== REPLAY) return fn;
    // Also where the settings let nothing else on this machine be read.
    const allowed = [...ALLOWED_HOSTS.split(','), new URL(url).host].filter((host) => host !== '');
    return { ...fn, environment: { ...fn.environment, FEEDS_MIRROR: url, ALLOWED_HOSTS: allowed.join(',') } };
  });
  return { ...model, functions };
}
