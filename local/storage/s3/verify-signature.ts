import { timingSafeEqual } from 'node:crypto';
import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import { S3Error } from './s3-error.ts';
import type { S3Request } from './s3-request.ts';

export type Credentials = { readonly accessKeyId: string; readonly secretAccessKey: string };

const ALGORITHM = 'AWS4-HMAC-SHA256';
const MAX_SKEW_MS = 15 * 60_000;
const LONGEST_EXPIRY_SECONDS = 7 * 24 * 3600;
const PAYLOAD_HASH = 'x-amz-content-sha256';

type Claim = {
  readonly credential: string;
  readonly date: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** Seconds, of a presigned URL. */
  readonly expires?: number;
};

/**
 * Checks a request as S3 does: signed with these credentials, now, over these very headers. A presigned URL whose
 * Content-Length was signed therefore takes no other length. Throws `S3Error`.
 */
export async function verifySignature(request: S3Request, credentials: Credentials, now: number): Promise<void> {
  const claim = request.query['X-Amz-Signature'] === undefined ? claimOfHeaders(request) : claimOfQuery(request);
  const signedAt = parseDate(claim.date);
  checkTime(claim, signedAt, now);
  const [accessKeyId, , region = '', service] = claim.credential.split('/');
  if (accessKeyId !== credentials.accessKeyId) {
    throw new S3Error(403, 'InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.');
  }
  checkHeaders(request, claim);
  const expected = await sign(request, claim, { credentials, region, signedAt: new Date(signedAt) });
  if (service !== 's3' || !sameText(expected, claim.signature)) {
    throw new S3Error(
      403,
      'SignatureDoesNotMatch',
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
    );
  }
}

function claimOfQuery({ query }: S3Request): Claim {
  if (query['X-Amz-Algorithm'] !== ALGORITHM) throw malformed('X-Amz-Algorithm');
  const expires = Number(query['X-Amz-Expires']);
  if (!Number.isInteger(expires) || expires < 1 || expires > LONGEST_EXPIRY_SECONDS) throw malformed('X-Amz-Expires');
  return {
    credential: query['X-Amz-Credential'] ?? '',
    date: query['X-Amz-Date'] ?? '',
    signedHeaders: (query['X-Amz-SignedHeaders'] ?? '').split(';'),
    signature: query['X-Amz-Signature'] ?? '',
    expires,
  };
}

function claimOfHeaders({ headers }: S3Request): Claim {
  const { authorization } = headers;
  if (authorization === undefined) throw new S3Error(403, 'AccessDenied', 'Access Denied');
  const parts = /^AWS4-HMAC-SHA256 Credential=([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]+)$/.exec(
    authorization,
  );
  if (parts === null) throw malformed('Authorization');
  const [, credential = '', signedHeaders = '', signature = ''] = parts;
  return { credential, date: headers['x-amz-date'] ?? '', signedHeaders: signedHeaders.split(';'), signature };
}

function malformed(what: string): S3Error {
  return new S3Error(400, 'AuthorizationQueryParametersError', `${what} is missing or malformed`);
}

/** `20260303T103522Z` in milliseconds since the epoch. */
function parseDate(text: string): number {
  const instant = Date.parse(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  if (Number.isNaN(instant)) throw malformed('X-Amz-Date');
  return instant;
}

function checkTime(claim: Claim, signedAt: number, now: number): void {
  if (claim.expires !== undefined) {
    if (now > signedAt + claim.expires * 1000) throw new S3Error(403, 'AccessDenied', 'Request has expired');
    if (signedAt > now + MAX_SKEW_MS) throw new S3Error(403, 'AccessDenied', 'Request is not valid yet');
  } else if (Math.abs(now - signedAt) > MAX_SKEW_MS) {
    throw new S3Error(
      403,
      'RequestTimeTooSkewed',
      'The difference between the request time and the current time is too large.',
    );
  }
}

function checkHeaders({ headers }: S3Request, { signedHeaders }: Claim): void {
  const unsigned = Object.keys(headers).find((name) => name.startsWith('x-amz-') && !signedHeaders.includes(name));
  if (unsigned !== undefined || !signedHeaders.includes('host')) {
    throw new S3Error(
      403,
      'AccessDenied',
      `There were headers present in the request which were not signed: ${unsigned ?? 'host'}`,
    );
  }
}

async function sign(
  { method, path, query, headers }: S3Request,
  { signedHeaders, expires }: Claim,
  { credentials, region, signedAt }: { credentials: Credentials; region: string; signedAt: Date },
): Promise<string> {
  const signer = new SignatureV4({
    service: 's3',
    region,
    credentials,
    sha256: Sha256,
    uriEscapePath: false,
    applyChecksum: false,
  });
  const signed = Object.fromEntries(signedHeaders.map((name) => [name, headers[name] ?? '']));
  const request = { method, path, query: { ...query }, headers: signed, protocol: 'http:', hostname: '' };
  const signableHeaders = new Set(signedHeaders);
  if (expires === undefined) {
    const { authorization } = (await signer.sign(request, { signingDate: signedAt, signableHeaders })).headers;
    return authorization?.split('Signature=')[1] ?? '';
  }
  const presigned = await signer.presign(
    { ...request, headers: { [PAYLOAD_HASH]: 'UNSIGNED-PAYLOAD', ...signed } },
    {
      signingDate: signedAt,
      expiresIn: expires,
      signableHeaders,
      // The payload's hash counts in its own place; what was sent as a header stays one.
      unsignableHeaders: new Set([PAYLOAD_HASH]),
      unhoistableHeaders: new Set([PAYLOAD_HASH, ...signedHeaders]),
    },
  );
  return String(presigned.query?.['X-Amz-Signature'] ?? '');
}

function sameText(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
