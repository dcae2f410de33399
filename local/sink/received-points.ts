import { TextSet, textHash } from './text-set.ts';

/** `content` is a digest of the point without its id. */
export type Point = { readonly id: string; readonly content: string };

export type Counts = {
  /** Different batches taken whole. */
  readonly batches: number;
  /** Points taken, each delivery counted. */
  readonly points: number;
  /** Different point ids. */
  readonly unique_points: number;
  /** Deliveries of an id that was there already: `points - unique_points`. */
  readonly duplicate_points: number;
  /**
   * Ids whose content (timestamp and data, as text) had come before, so under another id: points that were sent
   * again and lost their name. Rows that are equal in every field count too, so feed this check rows that differ.
   */
  readonly bad_duplicates: number;
};

/** What one wrapper has delivered; hashes only, so that a million points stay small. */
export type ReceivedPoints = {
  counts(): Counts;
  /** `changed`: this batch id came before with other points, which an idempotent receiver would never notice. */
  compare(batchId: string, points: readonly Point[]): 'new' | 'repeated' | 'changed';
  /** Takes points; with a batch id, remembers the batch as taken whole. */
  take(points: readonly Point[], batchId?: string): void;
};

export function receivedPoints(): ReceivedPoints {
  const batches = new Map<string, string>();
  const ids = new TextSet();
  const contents = new TextSet();
  let points = 0;
  let badDuplicates = 0;

  return {
    counts: () => ({
      batches: batches.size,
      points,
      unique_points: ids.size,
      duplicate_points: points - ids.size,
      bad_duplicates: badDuplicates,
    }),
    compare(batchId, offered) {
      const before = batches.get(batchId);
      if (before === undefined) return 'new';
      return before === fingerprint(offered) ? 'repeated' : 'changed';
    },
    take(offered, batchId) {
      for (const { id, content } of offered) {
        const isNewId = ids.add(id);
        const isNewContent = contents.add(content);
        if (isNewId && !isNewContent) badDuplicates += 1;
      }
      points += offered.length;
      if (batchId !== undefined) batches.set(batchId, fingerprint(offered));
    },
  };
}

function fingerprint(points: readonly Point[]): string {
  return textHash(points.map(({ id, content }) => `${id}\n${content}`).join('\n')).join('-');
}
