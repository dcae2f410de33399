/** Shorter texts are too common to be blotted out, and too short to be secrets. */
const SHORTEST_SECRET = 4;

/** What is one character to a URL, a form, JSON or HTML, however often it was escaped. */
const WRITTEN = /%(?:25)*([0-9a-f]{2})|((?:\\u[0-9a-f]{4})+)|\\[bfnrt]|&amp;|./gisu;
/** Any of these may stand for another. */
const NOTHING = /^(?:[\t-\r +\\]|\\[bfnrt])$/;

/** A text without its escapes, a character for each byte, and from where to where in the text each of them was written. */
type Plain = { readonly bytes: string; readonly froms: readonly number[]; readonly tos: readonly number[] };

type Range = readonly [from: number, to: number];

/**
 * Blots out what another service may echo of the credentials it was sent: each secret whole and its words apart
 * (`Bearer <token>`), in capitals or not (a host is told in lower case), and as JSON, HTML, a form or a URL would write
 * it, whichever of its characters that escapes. No pattern is made of a secret: it would be told when it fails.
 */
export function redactor(secrets: readonly string[]): (text: string) => string {
  const words = secrets
    .flatMap((secret) => [secret, ...secret.split(/[\s,;=]+/)])
    .filter((word) => !/^(bearer|basic|digest|token)$/i.test(word))
    .map((word) => plainOf(word).bytes)
    .filter((bytes) => bytes.length >= SHORTEST_SECRET);
  const blotted = new Set(words);
  return (text) => {
    const plain = plainOf(text);
    return without(
      text,
      [...blotted].flatMap((secret) => placesOf(secret, plain)),
    );
  };
}

function plainOf(text: string): Plain {
  const bytes: string[] = [];
  const froms: number[] = [];
  const tos: number[] = [];
  for (const written of text.matchAll(WRITTEN)) {
    for (const byte of meaningOf(written).toLowerCase()) {
      bytes.push(byte);
      froms.push(written.index);
      tos.push(written.index + written[0].length);
    }
  }
  return { bytes: bytes.join(''), froms, tos };
}

/** A character for each byte of its UTF-8. */
function meaningOf([written, percent, units]: RegExpExecArray): string {
  const byte = percent === undefined ? undefined : String.fromCharCode(Number.parseInt(percent, 16));
  const character = byte ?? (units === undefined ? written : (JSON.parse(`"${units}"`) as string));
  if (NOTHING.test(character)) return '';
  if (byte !== undefined) return byte;
  return Buffer.from(character === '&amp;' ? '&' : character.toLowerCase()).toString('latin1');
}

function placesOf(secret: string, { bytes, froms, tos }: Plain): Range[] {
  const places: Range[] = [];
  for (let at = bytes.indexOf(secret); at >= 0; at = bytes.indexOf(secret, at + secret.length)) {
    places.push([froms[at] as number, tos[at + secret.length - 1] as number]);
  }
  return places;
}

/** Where places overlap, they are one. */
function without(text: string, places: readonly Range[]): string {
  let result = '';
  let until = 0;
  for (const [from, to] of [...places].sort(([one], [other]) => one - other)) {
    if (from >= until) result += `${text.slice(until, from)}[redacted]`;
    until = Math.max(until, to);
  }
  return result + text.slice(until);
}
