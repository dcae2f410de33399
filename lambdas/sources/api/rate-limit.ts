import { retryAfterMs } from '../../domain/retry-after.ts';
import type { HttpAnswer } from './ports.ts';

const DAY = 86_400_000;

/** Milliseconds that an upstream that refused a request asks to be left alone, a day at most; undefined: it doesn't. */
export function restMs(headers: HttpAnswer['headers'], now: number): number | undefined {
  const asked = retryAfterMs(headers['retry-after'], theirTime(headers, now)) ?? untilReset(headers, now);
  return asked === undefined ? undefined : Math.min(asked, DAY);
}

/** Milliseconds until a used up allowance is renewed; undefined: there is some left, or nothing is said. */
export function untilReset(headers: HttpAnswer['headers'], now: number): number | undefined {
  const remaining = headers['x-ratelimit-remaining'] ?? headers['ratelimit-remaining'];
  const reset = headers['x-ratelimit-reset'] ?? headers['ratelimit-reset'];
  if (remaining === undefined || !/^0+$/.test(remaining.trim())) return undefined;
  if (reset === undefined || !/^\d{1,15}(\.\d+)?$/.test(reset.trim())) return undefined;
  const value = Number(reset);
  // Instants in milliseconds or seconds, or seconds from now: all three are common, and far apart.
  const theirs = theirTime(headers, now);
  const ms = value > 1e11 ? value - theirs : value > 1e9 ? value * 1000 - theirs : value * 1000;
  return Math.min(Math.max(0, ms), DAY);
}

/** What the upstream's clock says: the instants that it names are by that one, however far it is off. */
function theirTime({ date }: HttpAnswer['headers'], now: number): number {
  const told = Date.parse(date ?? '');
  return Number.isNaN(told) ? now : told;
}
