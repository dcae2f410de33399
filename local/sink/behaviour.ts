import * as z from 'zod';

const rate = z.number().min(0).max(1).default(0);

/** How the sink treats its senders. Each request meets at most one mishap, the first of this list that its dice hit. */
export const Behaviour = z.strictObject({
  /** Waited before every answer. */
  latency_ms: z.int().min(0).max(600_000).default(0),
  /** Share of requests that are read and never answered; nothing is stored. */
  hang_rate: rate,
  /** Share of requests answered with `error_status`; nothing is stored. */
  error_rate: rate,
  error_status: z.int().min(300).max(599).default(503),
  /** Seconds, sent as Retry-After with `error_status`. */
  retry_after: z.int().min(0).max(86_400).optional(),
  /** Share of batches that are stored, and then the connection is dropped instead of answered. */
  accept_then_drop_rate: rate,
  /** Share of batches of which only the first half is stored, answered 207 with the count. */
  partial_rate: rate,
  /** Given any of these three, every other request gets this answer and nothing is stored: a refusal, a web page. */
  status: z.int().min(200).max(599).optional(),
  body: z.string().max(100_000).optional(),
  content_type: z.string().max(200).optional(),
  /** The same seed and the same order of requests give the same mishaps. */
  seed: z.int().min(0).max(0xffffffff).default(1),
});
export type Behaviour = z.output<typeof Behaviour>;

export type Mishap = 'none' | 'hang' | 'error' | 'drop' | 'partial' | 'fixed';

/** Deals out what happens to one request after the other. */
export function misfortune(behaviour: Behaviour): () => Mishap {
  const { status, body, content_type, seed } = behaviour;
  const otherwise = [status, body, content_type].some((given) => given !== undefined) ? 'fixed' : 'none';
  const dice = seededRandom(seed);
  const rates = [
    ['hang', behaviour.hang_rate],
    ['error', behaviour.error_rate],
    ['drop', behaviour.accept_then_drop_rate],
    ['partial', behaviour.partial_rate],
  ] as const;
  return () => {
    // All dice are thrown each time: one rate changes nothing about where the others strike.
    const hits = rates.map(([mishap, share]) => (dice() < share ? mishap : undefined));
    return hits.find((mishap) => mishap !== undefined) ?? otherwise;
  };
}

/** Numbers from 0 (inclusive) to 1, the same for the same seed (mulberry32). */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
