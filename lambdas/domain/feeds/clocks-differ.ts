/** Clocks that are set differ by less, in milliseconds: what is further ahead of ours is no time to go by. */
export const CLOCKS_DIFFER_MS = 5 * 60_000;
