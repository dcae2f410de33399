import { isUtf8 } from 'node:buffer';
import type { HttpAnswer } from './guarded-client.ts';

/** `isUtf8`: none of its bytes had to be replaced. */
export type BodyText = { readonly text: string; readonly complete: boolean; readonly isUtf8: boolean };

/** The first `maxBytes` of the decoded body as UTF-8, and whether that is all of it; the rest is not read. */
export async function readText(answer: HttpAnswer, maxBytes: number): Promise<BodyText> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body) {
    chunks.push(chunk);
    size += chunk.byteLength;
    if (size > maxBytes) break;
  }
  const bytes = Buffer.concat(chunks, Math.min(size, maxBytes));
  return { text: bytes.toString('utf8'), complete: size <= maxBytes, isUtf8: isUtf8(bytes) };
}
