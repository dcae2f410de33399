/** How a wrapper names a secret; the secret itself is kept by the deployment, never by the wrapper. */
export type SecretReference = { readonly secret: string };

/**
 * The value of a secret, as text. A value may be some minutes old; `fresh` asks for the present one, for instance
 * because the upstream has refused the other.
 *
 * Throws `RunFailure` (refused) when there is no such secret, `RetryableError` when it can't be read at the moment.
 */
export type ReadSecret = (name: string, options?: { readonly fresh?: boolean }) => Promise<string>;
