/** What a function answers for a body of this, in bytes: the body is text in JSON. */
export function answerBytes(body: unknown): number {
  return Buffer.byteLength(JSON.stringify({ body: JSON.stringify(body) }));
}
