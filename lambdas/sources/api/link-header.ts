/** A link: its target, and its parameters as they stand. */
const links = /<([^>]*)>((?:\s*;\s*[^\s=;,"]+(?:\s*=\s*(?:"[^"]*"|[^",;\s]*))?)*)/g;
const parameters = /;\s*([^\s=;,"]+)(?:\s*=\s*(?:"([^"]*)"|([^",;\s]*)))?/g;

/** The target of the link with `rel="next"` in a `Link` header (RFC 8288); undefined: there is none. */
export function nextLink(header: string | undefined): string | undefined {
  for (const [, target, own = ''] of (header ?? '').matchAll(links)) {
    for (const [, name = '', quoted, plain = ''] of own.matchAll(parameters)) {
      const isNext = (quoted ?? plain).toLowerCase().split(/\s+/).includes('next');
      if (name.toLowerCase() === 'rel' && isNext) return target;
    }
  }
  return undefined;
}
