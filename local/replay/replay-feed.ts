/** A feed as the replay makes it up: its files as functions of time, and what goes wrong with them when. */
export type ReplayFeed = {
  /** `<host>/<path>`, as the replay is asked for them. */
  readonly files: readonly string[];
  readonly contentType: string;
  /** From one making of the files to the next, milliseconds; in between they stay byte for byte what they are. */
  readonly madeEveryMs: number;
  /** A file as it is made at `madeAt`, milliseconds since the epoch; the same for the same instant. */
  bodyAt(madeAt: number, file: string): string | Uint8Array;
  readonly troubles: readonly Trouble[];
  readonly access?: Access;
};

/** What goes wrong in the same minutes of every half hour, for at least one interval of the adapter, so that it is met. */
export type Trouble = {
  /** Of the half hour, 0 to 30, the second no longer included. */
  readonly minutes: readonly [from: number, until: number];
  /** The one file that it befalls; all of the feed's if absent. */
  readonly file?: string;
  readonly kind: TroubleKind;
};

export type TroubleKind =
  | { readonly name: 'refused'; readonly status: number; readonly retryAfterSeconds?: number }
  | { readonly name: 'slow'; readonly seconds: number }
  /** A cache in front of upstream gives out what it has had for that long: 200, and nothing new. */
  | { readonly name: 'frozen'; readonly hours: number }
  | { readonly name: 'web page' };

/** A key in the query, and the answer to one that is not the replay's. */
export type Access = {
  readonly param: string;
  readonly key: string;
  readonly refusal: { readonly status: number; readonly body: string };
};
