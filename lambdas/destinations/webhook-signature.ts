import { createHmac } from 'node:crypto';

/** What a signature vouches for: `text` is the body before any compression. */
export type SignedMessage = { readonly id: string; readonly text: string; readonly sentAt: number };

const ENCODED = /^whsec_((?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)$/;

/**
 * The key that a secret stands for: `whsec_` and its bytes in base64, or any other text as it is. Undefined for a
 * `whsec_` that is followed by something else, which would sign what nobody can verify.
 */
export function signingKey(secret: string): Buffer | undefined {
  if (!secret.startsWith('whsec_')) return Buffer.from(secret, 'utf8');
  const encoded = ENCODED.exec(secret)?.[1];
  return encoded === undefined ? undefined : Buffer.from(encoded, 'base64');
}

/** The headers of the Standard Webhooks specification (standardwebhooks.com): symmetric signature, version 1. */
export function signatureHeaders(
  { id, text, sentAt }: SignedMessage,
  key: Buffer,
): { readonly [name: string]: string } {
  const timestamp = String(Math.floor(sentAt / 1000));
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${text}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}
