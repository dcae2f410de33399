import type { ReadSecret } from '../domain/secrets.ts';

/** A POST to the outside. It rejects only for a forbidden address (`RunFailure`); all else is told in the answer. */
export type HttpPost = (request: {
  readonly url: string;
  readonly headers: { readonly [name: string]: string };
  readonly body: string | Uint8Array;
  readonly signal: AbortSignal;
}) => Promise<PostAnswer>;

export type PostAnswer =
  | {
      readonly status: number;
      /** By name in lower case. */
      readonly headers: { readonly [name: string]: string };
      /** The beginning of the answer's body, up to 1 MiB, and whether that is all of it. */
      readonly text: string;
      readonly complete: boolean;
    }
  /** No whole answer came. `mendable`: trying again may help. */
  | { readonly unanswered: string; readonly mendable: boolean };

/** Stores one object, overwriting. It rejects only for a bucket that is not on the list (`RunFailure`). */
export type PutObject = (object: {
  readonly bucket: string;
  readonly key: string;
  readonly body: string | Uint8Array;
  readonly contentType: string;
  readonly signal: AbortSignal;
}) => Promise<PutAnswer>;

type PutAnswer = { readonly stored: true } | { readonly notStored: string; readonly mendable: boolean };

export type DestinationPorts = {
  readonly post: HttpPost;
  readonly put: PutObject;
  readonly secret: ReadSecret;
  /** Milliseconds since the epoch, to understand a `Retry-After` that is a date. */
  readonly now: () => number;
};
