/** One data point, serialized once: `json` is exactly what is sent, `{"id":…,"timestamp":…,"data":{…}}`. */
export type DataPoint = { readonly id: string; readonly json: string };

/** What is sent together and acknowledged together. Sent again, it is byte for byte the same. */
export type OutgoingBatch = {
  readonly wrapperId: string;
  readonly executionId: string;
  readonly batchId: string;
  /** Grows from batch to batch of a wrapper, and stays the same for one that is sent again. */
  readonly seq: number;
  /** `historical` or `continuous` for sources that keep water marks, null for files. */
  readonly phase: 'historical' | 'continuous' | null;
  readonly points: readonly DataPoint[];
};

export type Accepted = {
  readonly outcome: 'accepted';
  readonly bytes: number;
  /** What the destination's own service charges for it, in billionths of a dollar; absent: nothing. */
  readonly fee?: number;
};

/**
 * How an attempt ended. Only `accepted` acknowledges the batch: silence, a redirect or a web page does not.
 * `partial` and `retryable` batches are sent again under the same ids, whole or in parts; `refused` ends the run.
 */
export type Delivery =
  | Accepted
  | { readonly outcome: 'partial'; readonly accepted: number; readonly reason: string }
  | { readonly outcome: 'retryable'; readonly reason: string; readonly retryAfterMs?: number }
  | { readonly outcome: 'refused'; readonly reason: string };

/** Where data points go. An attempt is over when the promise settles or the signal fires; nothing is sent after it. */
export type Destination = {
  send(batch: OutgoingBatch, signal: AbortSignal): Promise<Delivery>;
};
