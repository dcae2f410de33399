import { isIP } from 'node:net';
import { RunFailure } from '../../domain/errors.ts';
import { isPublicAddress } from './public-address.ts';

/** The ports that public HTTPS services are found on. */
const HTTPS_PORTS: readonly number[] = [443, 8443];

/** Which addresses of users may be contacted. */
export type AddressPolicy = {
  /** Throws `RunFailure` (refused, `Forbidden address: …`) when the scheme, port, or literal address is not allowed. */
  vet(url: URL): void;
  /** Whether this host and port are in the deployment's allow list. `host` may be an IPv6 address without brackets. */
  isExempt(host: string, port: number): boolean;
};

/**
 * Allows https on these ports to the public internet, and whatever the deployment lists: `host` (any port) or
 * `host:port`, IPv6 in brackets. A listed host may be contacted over plain http and may be a private address.
 */
export function addressPolicy(allowedHosts: readonly string[], ports = HTTPS_PORTS): AddressPolicy {
  const allowed = new Set(allowedHosts.map((entry) => entry.toLowerCase()));
  const isExempt = (host: string, port: number) => {
    const name = bracketed(host.toLowerCase());
    return allowed.has(name) || allowed.has(`${name}:${port}`);
  };
  return {
    isExempt,
    vet(url) {
      const reason = objection(url, ports, isExempt(url.hostname, portOf(url)));
      if (reason !== undefined) throw forbidden(`${url.protocol}//${url.host} ${reason}`);
    },
  };
}

export function forbidden(what: string): RunFailure {
  return new RunFailure('refused', `Forbidden address: ${what}`);
}

function objection(url: URL, ports: readonly number[], exempt: boolean): string | undefined {
  if (url.protocol !== 'https:' && !(exempt && url.protocol === 'http:')) return 'is not https';
  // Userinfo would end up in logs and in the stored wrapper; headers are the place for credentials.
  if (url.username !== '' || url.password !== '') return 'holds credentials';
  if (exempt) return undefined;
  if (!ports.includes(portOf(url))) return `uses a port other than ${ports.join(' and ')} (setting allowedPorts)`;
  const literal = url.hostname.replace(/^\[|\]$/g, '');
  return isIP(literal) !== 0 && !isPublicAddress(literal) ? 'is not a public address' : undefined;
}

function portOf(url: URL): number {
  return url.port === '' ? (url.protocol === 'http:' ? 80 : 443) : Number(url.port);
}

function bracketed(host: string): string {
  return isIP(host) === 6 ? `[${host}]` : host;
}
