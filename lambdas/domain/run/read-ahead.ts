/** The next item, the end, or why it could not be had; an error is an item too, so that it is met in its turn. */
export type Ahead<T> =
  | { readonly kind: 'item'; readonly item: T }
  | { readonly kind: 'end' }
  | { readonly kind: 'error'; readonly error: unknown };

export type ReadAhead<T> = {
  /** What comes next; the one after it is fetched only when asked for. */
  next(): Promise<Ahead<T>>;
  /** Starts fetching without waiting for it. */
  start(): void;
  /** What `next` would answer, if it is there already. */
  ready(): Ahead<T> | null;
  /** Lets the source go. */
  close(): Promise<void>;
};

/** Reads one item ahead of its consumer, never more: memory stays at two batches. */
export function readAhead<T>(items: AsyncIterable<T>): ReadAhead<T> {
  const iterator = items[Symbol.asyncIterator]();
  let fetching: Promise<Ahead<T>> | null = null;
  let arrived: Ahead<T> | null = null;

  function start(): void {
    fetching ??= iterator
      .next()
      .then((result): Ahead<T> => (result.done ? { kind: 'end' } : { kind: 'item', item: result.value }))
      .catch((error: unknown): Ahead<T> => ({ kind: 'error', error }))
      .then((ahead) => {
        arrived = ahead;
        return ahead;
      });
  }

  return {
    start,
    ready: () => arrived,
    async next() {
      start();
      const ahead = await (fetching as Promise<Ahead<T>>);
      // The end and an error are final; an item is handed out once.
      if (ahead.kind === 'item') {
        fetching = null;
        arrived = null;
      }
      return ahead;
    },
    async close() {
      await fetching;
      await iterator.return?.();
    },
  };
}
