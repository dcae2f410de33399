import ipaddr from 'ipaddr.js';

/** All of the IPv6 address space that is handed out for the public internet. */
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Whether a literal address belongs to the public internet. Everything else is refused: private, loopback,
 * link-local (cloud metadata), carrier-grade NAT, unique local, reserved; and the forms that carry an IPv4
 * address inside an IPv6 one (mapped, NAT64, 6to4, Teredo), which reach the same places by a detour.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== 'unicast') return false;
  return parsed.kind() === 'ipv4' || parsed.match(globalUnicast);
}
