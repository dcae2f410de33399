import { lookup as systemLookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import { type AddressPolicy, forbidden } from './address-policy.ts';
import { isPublicAddress } from './public-address.ts';

/**
 * Opens connections to vetted addresses only, and decides at every connect: a name that answers with a public
 * address now and with a private one later is caught. Two checks, because the lookup hook alone is never called
 * for literal addresses.
 */
export function guardedConnector(
  policy: AddressPolicy,
  connectTimeoutMs: number,
  lookup: LookupFunction = systemLookup,
): buildConnector.connector {
  const open = buildConnector({ timeout: connectTimeoutMs, lookup });
  const guarded = buildConnector({ timeout: connectTimeoutMs, lookup: publicLookup(lookup) });
  return (target, callback) => {
    const port = target.port === '' ? (target.protocol === 'http:' ? 80 : 443) : Number(target.port);
    if (policy.isExempt(target.hostname, port)) return open(target, callback);
    if (isIP(target.hostname) !== 0 && !isPublicAddress(target.hostname)) {
      return callback(forbidden(`${target.hostname} is not a public address`), null);
    }
    return guarded(target, callback);
  };
}

/** A lookup that hands out public addresses only, and fails when a name has none. */
export function publicLookup(lookup: LookupFunction): LookupFunction {
  return (hostname, options, callback) =>
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error !== null) return callback(error, []);
      const all = typeof found === 'string' ? [{ address: found, family: isIP(found) }] : found;
      const [first, ...others] = all.filter(({ address }) => isPublicAddress(address));
      if (first === undefined) return callback(forbidden(`${hostname} has no public address`), []);
      return options.all === true ? callback(null, [first, ...others]) : callback(null, first.address, first.family);
    });
}
