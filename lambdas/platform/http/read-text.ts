import type { HttpAnswer } from './guarded-client.ts';

/** The first `maxBytes` of the decoded body as UTF-8; what comes after them is not read. */
export async function readText(answer: HttpAnswer, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body) {
    chunks.push(chunk);
    size += chunk.byteLength;
    if (size > maxBytes) break;
  }
  return Buffer.concat(chunks, Math.min(size, maxBytes)).toString('utf8');
}
