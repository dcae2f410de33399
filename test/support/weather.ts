import type { Clock } from '../../lambdas/domain/clock.ts';
import { RetryableError } from '../../lambdas/domain/errors.ts';
import type { Random } from './random.ts';
import { type RunWorld, timing } from './run-world.ts';
import type { Fault, Wire } from './wire.ts';

/** How often calls of a simulated world fail, kill their caller, and take long; until it is calm. */
export type Weather = { readonly fails: number; readonly dies: number; readonly slow: number; calm: boolean };

const LONGEST_CALL_MS = 20_000;

export function randomWeather(random: Random): Weather {
  return {
    fails: random.pick([0, 0.03, 0.1]),
    dies: random.pick([0, 0.02, 0.05]),
    slow: random.pick([0, 0.1, 0.3]),
    calm: false,
  };
}

/** Calls that are slow, fail on the way there or back, arrive twice, or are the last that their caller makes. */
export function roughWire(random: Random, world: RunWorld, weather: Weather): Wire {
  const never = new Promise<never>(() => undefined);
  let dead = false;
  return async (_name, call) => {
    if (dead) return never;
    const fault = weather.calm ? null : nextFault(random, weather);
    dead = fault === 'die-before' || fault === 'die-after';
    await world.clock.sleep(latency(random, weather));
    if (fault === 'die-before') return never;
    if (fault === 'throw-before') throw new RetryableError('out of reach');
    let answer = await call();
    if (fault === 'twice') answer = await call();
    if (fault === 'die-after') return never;
    await world.clock.sleep(latency(random, weather));
    if (fault === 'throw-after') throw new RetryableError('the answer was lost');
    return answer;
  };
}

function nextFault(random: Random, weather: Weather): Fault | null {
  if (random.chance(weather.fails)) return random.pick(['throw-before', 'throw-after', 'twice']);
  return random.chance(weather.dies) ? random.pick(['die-before', 'die-after']) : null;
}

/** Mostly short; else anything, and often about as long as a permit lasts. */
function latency(random: Random, weather: Weather): number {
  if (weather.calm || !random.chance(weather.slow)) return random.between(0, 50);
  return random.chance(0.3) ? timing.sendMs - random.between(0, 3_000) : random.between(0, LONGEST_CALL_MS);
}

/** Any two clocks differ by no more than the margin. */
export function skewedClock(random: Random, world: RunWorld): Clock {
  const most = timing.marginMs / 2 - 1;
  return world.clock.skewed(random.between(-most, most));
}
