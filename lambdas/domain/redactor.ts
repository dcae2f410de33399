/** Shorter texts are too common to be blotted out, and too short to be secrets. */
const SHORTEST_SECRET = 4;

/**
 * Blots out what another service may echo of the credentials it was sent: each secret whole, its words apart
 * (`Bearer <token>`), and each as JSON or a URL would write it.
 */
export function redactor(secrets: readonly string[]): (text: string) => string {
  const spellings = secrets
    .flatMap((secret) => [secret, ...secret.split(/[\s,;=]+/)])
    .filter((secret) => secret.length >= SHORTEST_SECRET && !/^(bearer|basic|digest|token)$/i.test(secret))
    .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)]);
  const longestFirst = [...new Set(spellings)].sort((a, b) => b.length - a.length);
  return (text) => longestFirst.reduce((rest, secret) => rest.replaceAll(secret, '[redacted]'), text);
}
