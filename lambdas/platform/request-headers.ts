/** By their names in lower case. */
export type Headers = Readonly<Record<string, string | undefined>>;

type Received = {
  readonly headers: Headers | null;
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[] | undefined>> | null;
};

/**
 * The headers of a request. One that comes more than once is a list (RFC 9110, 5.3): of the gateway's own `headers` it
 * has but the last, and what was meant can't be told from that.
 */
export function requestHeaders({ headers, multiValueHeaders }: Received): Headers {
  const found = new Map<string, string>();
  for (const [name, values = []] of Object.entries(multiValueHeaders ?? headers ?? {})) {
    const before = found.get(name.toLowerCase());
    const all = [before ?? [], values].flat();
    if (all.length > 0) found.set(name.toLowerCase(), all.join(', '));
  }
  return Object.fromEntries(found);
}
