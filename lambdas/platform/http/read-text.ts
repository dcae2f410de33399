import type { HttpAnswer } from './guarded-client.ts';

/** The first `maxBytes` of the decoded body as UTF-8, and whether that is all of it; the rest is not read. */
export async function readText(answer: HttpAnswer, maxBytes: number): Promise<{ text: string; complete: boolean }> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body) {
    chunks.push(chunk);
    size += chunk.byteLength;
    if (size > maxBytes) break;
  }
  return { text: Buffer.concat(chunks, Math.min(size, maxBytes)).toString('utf8'), complete: size <= maxBytes };
}
