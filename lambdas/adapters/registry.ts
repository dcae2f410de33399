import type { Adapter } from '../domain/feeds/adapter.ts';

/** The feeds that are polled, in the order in which they are listed. */
export const adapters: readonly Adapter[] = [];
