import { retryAfterMs } from '../../domain/retry-after.ts';
import type { HttpAnswer } from './ports.ts';

const DAY = 86_400_000;

/** Milliseconds that an upstream that refused a request asks to be left alone, a day at most; undefined: it doesn't. */
export function restMs(headers: HttpAnswer['headers'], now: number): number | undefined {
  const asked = retryAfterMs(headers['retry-after'], now) ?? untilReset(headers, now);
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
  const ms = value > 1e11 ? value - now : value > 1e9 ? value * 1000 - now : value * 1000;
  return Math.min(Math.max(0, ms), DAY);
}
