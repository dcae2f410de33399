/**
 * Bytes of a page's items as JSON. Lambda answers with 6 MB at most, in which each quote and each backslash of a body
 * counts twice, and the rest of the answer wants its share.
 */
const PAGE_BYTES = 2_000_000;

/** Tells of one item after the other whether it still fits into a page; the first always does. */
export function pageRoom(): (item: unknown) => boolean {
  let bytes = 0;
  return (item) => {
    const isFirst = bytes === 0;
    bytes += Buffer.byteLength(JSON.stringify(item));
    return isFirst || bytes <= PAGE_BYTES;
  };
}
