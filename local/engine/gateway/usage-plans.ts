import type { UsagePlanModel } from '../template/model.ts';
import { GatewayError } from './gateway-responses.ts';
import type { KeyStore } from './key-store.ts';
import { quotaCounter, tokenBucket } from './throttle.ts';

/**
 * Checks that a key is enabled and on a usage plan, and counts the request on it.
 * Throws `GatewayError`: 403 for a key that is not usable, 429 over the plan's throttle or quota.
 */
export function usagePlanCheck(
  plans: readonly UsagePlanModel[],
  keys: KeyStore,
  now: () => number,
): (keyValue: string | undefined) => void {
  const meters = new Map<string, { readonly take: () => boolean; readonly count: () => boolean }>();
  const meterOf = (plan: UsagePlanModel, keyId: string) => {
    const id = `${plan.id}/${keyId}`;
    const meter = meters.get(id) ?? {
      take: plan.throttle ? tokenBucket(plan.throttle, now) : () => true,
      count: plan.quota ? quotaCounter(plan.quota, now) : () => true,
    };
    meters.set(id, meter);
    return meter;
  };
  return (keyValue) => {
    const key = keys.list().find(({ value, enabled }) => enabled && value === keyValue);
    const plan = key && plans.find(({ id }) => key.usagePlanIds.includes(id));
    if (!plan) throw new GatewayError('INVALID_API_KEY');
    const meter = meterOf(plan, key.id);
    if (!meter.take()) throw new GatewayError('THROTTLED');
    if (!meter.count()) throw new GatewayError('QUOTA_EXCEEDED');
  };
}
