import type { Settings } from '../settings.ts';

/** By which the function that makes keys finds the plan: its id can't be told to what the plan leads to. */
export function usagePlanName(settings: Settings): string {
  return `headgate-${settings.stage}`;
}
