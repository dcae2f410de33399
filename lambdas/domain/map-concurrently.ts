/**
 * Does this for every item, at most `limit` at a time; results are in the items' order. After a failure no further item
 * is begun, and it is thrown once those under way have ended: nothing goes on behind the caller's back.
 */
export async function mapConcurrently<Item, Result>(
  items: readonly Item[],
  limit: number,
  map: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results = new Array<Result>(items.length);
  const waiting = items.entries();
  let failed = false;
  const worker = async () => {
    // The workers share one iterator, so that each item is taken once.
    for (const [index, item] of waiting) {
      if (failed) return;
      try {
        results[index] = await map(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: Math.min(limit, items.length) }, worker));
  for (const end of ends) {
    if (end.status === 'rejected') throw end.reason;
  }
  return results;
}
