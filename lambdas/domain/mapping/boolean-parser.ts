const words = new Map<string, 'true' | 'false'>([
  ...['true', 't', 'yes', 'y', 'on', '1'].map((word) => [word, 'true'] as const),
  ...['false', 'f', 'no', 'n', 'off', '0'].map((word) => [word, 'false'] as const),
]);

/** true, t, yes, y, on, 1 and false, f, no, n, off, 0, in any case → JSON; undefined: neither. */
export function parseBoolean(text: string): 'true' | 'false' | undefined {
  return words.get(text.trim().toLowerCase());
}
