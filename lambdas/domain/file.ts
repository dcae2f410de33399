/** Where a file is: uploaded to this deployment, in S3, or behind an address. Exactly one key. */
export type FileLocation = { readonly file_id: string } | { readonly s3: string } | { readonly url: string };

export type FileFacts = {
  /** Changes whenever the bytes change: a strong ETag, else Last-Modified and size. */
  readonly version: string;
  /** Bytes. */
  readonly size: number;
  /** Reading from an offset costs all bytes before it too: the server has no range requests. */
  readonly isSequential?: boolean;
};

/**
 * A file that can be read from any byte on, in exactly one version.
 *
 * Both methods throw `RunFailure` (`refused` with `Wrapper file not found`, `Forbidden address: …`, …) for what
 * won't mend itself and `RetryableError` for what may.
 */
export type RemoteFile = {
  stat(signal: AbortSignal): Promise<FileFacts>;
  /**
   * The bytes from `offset` to `end` (exclusive; absent: to the end of the file), by a range request.
   * A file that is no longer `version` fails with `FileChanged`.
   * A connection that breaks is taken up again at the byte reached, a few times.
   */
  read(range: { version: string; offset: number; end?: number }, signal: AbortSignal): AsyncIterable<Uint8Array>;
};

export type OpenFile = (location: FileLocation) => RemoteFile;
