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

/** What became of messages that went out together: those that were not taken, by their place, or `all` of them. */
export type MessagesAnswer = {
  readonly failures: readonly {
    readonly index: number | 'all';
    readonly reason: string;
    readonly mendable: boolean;
  }[];
};

/** Sends up to ten messages of together 1 MiB. It rejects only for a queue that is not on the list (`RunFailure`). */
export type SendMessages = (request: {
  readonly queueUrl: string;
  /** Of a FIFO queue: what is kept in order. */
  readonly groupId: string;
  /** Of a FIFO queue, an id that comes again within five minutes is not delivered again. */
  readonly messages: readonly { readonly id: string; readonly body: string }[];
  readonly signal: AbortSignal;
}) => Promise<MessagesAnswer>;

/** Sends up to ten events of together 256 KiB. It rejects only for a bus that is not on the list (`RunFailure`). */
export type PutEvents = (request: {
  readonly bus: string;
  readonly detailType: string;
  readonly details: readonly string[];
  readonly signal: AbortSignal;
}) => Promise<MessagesAnswer>;

export type DestinationPorts = {
  readonly post: HttpPost;
  readonly put: PutObject;
  readonly sendMessages: SendMessages;
  readonly putEvents: PutEvents;
  readonly secret: ReadSecret;
  /** Milliseconds since the epoch, to understand a `Retry-After` that is a date. */
  readonly now: () => number;
};
