import { createHash } from 'node:crypto';

/* Chance and the course of events, by the clock alone: the same instant is always the same, also after a restart. */

export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;

/** From 0 up to 1, the same for the same parts. */
export function chance(...parts: readonly (string | number)[]): number {
  return createHash('sha256').update(parts.join('/')).digest().readUInt32BE(0) / 2 ** 32;
}

export function pick<Item>(items: readonly Item[], ...parts: readonly (string | number)[]): Item {
  return items[Math.floor(chance(...parts) * items.length)] as Item;
}

/** Lower case hexadecimal digits. */
export function digits(length: number, ...parts: readonly (string | number)[]): string {
  return createHash('sha256').update(parts.join('/')).digest('hex').slice(0, length);
}

/** The numbers, oldest first, of all things that begin every `everyMs`, each at `number × everyMs`, from `from` to `until`. */
export function begunBetween(from: number, until: number, everyMs: number): number[] {
  const first = Math.ceil(from / everyMs);
  return Array.from({ length: Math.max(0, Math.floor(until / everyMs) - first + 1) }, (_, at) => first + at);
}
