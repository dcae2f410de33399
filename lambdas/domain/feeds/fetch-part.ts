/** One address of a feed, asked for what has changed since it was last read. */
export type FeedRequest = {
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** As upstream gave them last; absent if it did not. */
  readonly etag?: string | undefined;
  readonly lastModified?: string | undefined;
  /** Of the decoded body. */
  readonly maxBytes: number;
  readonly signal: AbortSignal;
};

export type FeedAnswer =
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'body'; readonly body: Uint8Array; readonly etag?: string; readonly lastModified?: string };

/**
 * Throws `UpstreamFault` when upstream does not answer well, and the signal's reason when it fires: nothing goes on
 * after that. No message names an address or a header, as they may hold a key.
 */
export type FetchPart = (request: FeedRequest) => Promise<FeedAnswer>;
