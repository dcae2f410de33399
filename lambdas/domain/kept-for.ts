/** Answers what was found last instead of looking again, until it is this old; what failed is not kept. */
export function keptFor<Found>(ms: number, find: () => Promise<Found>, now: () => number): () => Promise<Found> {
  let kept: { readonly found: Found; readonly at: number } | undefined;
  return async () => {
    const at = now();
    if (kept && at - kept.at < ms) return kept.found;
    const found = await find();
    kept = { found, at };
    return found;
  };
}
