/** Why no complete answer came. The first four may mend themselves, the others won't. */
export type ConnectionTrouble =
  | 'refused'
  | 'reset'
  | 'timeout'
  | 'lookup'
  | 'unresolved'
  | 'certificate'
  | 'protocol'
  | 'redirects';

/** No answer, or not all of it. The message is for people and names neither path nor credentials. */
export class ConnectionFailure extends Error {
  override readonly name = 'ConnectionFailure';
  readonly trouble: ConnectionTrouble;
  /** Whether trying again later may help. */
  readonly mendable: boolean;

  constructor(trouble: ConnectionTrouble, message: string, options?: ErrorOptions) {
    super(message, options);
    this.trouble = trouble;
    this.mendable = ['refused', 'reset', 'timeout', 'lookup'].includes(trouble);
  }
}

const troubleByCode: { readonly [code: string]: ConnectionTrouble } = {
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'refused',
  ENETUNREACH: 'refused',
  EADDRNOTAVAIL: 'refused',
  ECONNRESET: 'reset',
  ECONNABORTED: 'reset',
  EPIPE: 'reset',
  UND_ERR_SOCKET: 'reset',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'reset',
  // The end of compressed data is missing.
  Z_BUF_ERROR: 'reset',
  ETIMEDOUT: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  EAI_AGAIN: 'lookup',
  ENOTFOUND: 'unresolved',
};

const sentences: { readonly [T in ConnectionTrouble]: string } = {
  refused: 'Connection refused',
  reset: 'Connection reset',
  timeout: 'Connection timeout',
  lookup: 'host name lookup failed',
  unresolved: 'host name not found',
  certificate: 'bad certificate',
  protocol: 'not a valid HTTP answer',
  redirects: 'too many redirects',
};

/** Translates whatever the network stack threw; errors that already mean something to the domain pass unchanged. */
export function toConnectionFailure(error: unknown): unknown {
  // undici names its parser's errors, and gives them no code.
  if (error instanceof Error && error.name === 'HTTPParserError') {
    return new ConnectionFailure('protocol', sentences.protocol, { cause: error });
  }
  if (typeof error !== 'object' || error === null || !('code' in error) || typeof error.code !== 'string') return error;
  const trouble = troubleOf(error.code);
  if (trouble === undefined) return error;
  const detail = detailOf(trouble, error);
  return new ConnectionFailure(trouble, `${sentences[trouble]}${detail}`, { cause: error });
}

function detailOf(trouble: ConnectionTrouble, error: { readonly code?: unknown; readonly hostname?: unknown }): string {
  if (trouble === 'certificate' || trouble === 'protocol') return ` (${error.code})`;
  return typeof error.hostname === 'string' ? `: ${error.hostname}` : '';
}

function troubleOf(code: string): ConnectionTrouble | undefined {
  const known = troubleByCode[code];
  if (known !== undefined) return known;
  if (/^HPE_|^UND_ERR_HEADERS_OVERFLOW$|^Z_|^ERR_BROTLI|^ZSTD|^ERR_ZSTD|^EPROTO$/.test(code)) return 'protocol';
  if (/CERT|SIGNATURE|^ERR_TLS|^ERR_SSL|^UNABLE_TO_|ISSUER|^HOSTNAME_MISMATCH$/.test(code)) return 'certificate';
  return undefined;
}
