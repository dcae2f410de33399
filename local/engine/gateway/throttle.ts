import type { Throttle, UsagePlanModel } from '../template/model.ts';

/** A token bucket: `burst` at once, refilled at `rate` per second. Takes a token, or says that there is none. */
export function tokenBucket({ burst, rate }: Throttle, now: () => number): () => boolean {
  let tokens = burst;
  let filledAt = now();
  return () => {
    const at = now();
    tokens = Math.min(burst, tokens + ((at - filledAt) / 1000) * rate);
    filledAt = at;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}

/** Counts requests per calendar period (UTC): API Gateway's quotas. The count is kept in memory only. */
export function quotaCounter(quota: NonNullable<UsagePlanModel['quota']>, now: () => number): () => boolean {
  let period = '';
  let used = 0;
  return () => {
    const current = periodOf(new Date(now()), quota.Period);
    if (current !== period) used = 0;
    period = current;
    used += 1;
    return used <= quota.Limit;
  };
}

function periodOf(date: Date, period: 'DAY' | 'WEEK' | 'MONTH'): string {
  if (period === 'WEEK') return `week ${Math.floor((date.getTime() / 86_400_000 + 4) / 7)}`;
  return date.toISOString().slice(0, period === 'DAY' ? 10 : 7);
}
