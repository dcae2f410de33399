import { unreadableFile } from '../unreadable-file.ts';

export type StreamDecoder = { decode(chunk: Uint8Array): string; end(): string };

/** Decodes XML as it comes: UTF-8, or UTF-16 as its first two bytes tell. `name` is the file's, for messages. */
export function textDecoder(name: string): StreamDecoder {
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  let head: Uint8Array = new Uint8Array();

  function decode(bytes: Uint8Array, isLast: boolean): string {
    decoder ??= new TextDecoder(encodingOf(bytes), { fatal: true });
    try {
      return decoder.decode(bytes, { stream: !isLast });
    } catch (error) {
      throw unreadableFile(`${name} has bytes that are not ${decoder.encoding.toUpperCase()}`, error);
    }
  }

  return {
    decode(chunk) {
      if (decoder !== undefined) return decode(chunk, false);
      head = Buffer.concat([head, chunk]);
      return head.length < 2 ? '' : decode(head, false);
    },
    end: () => decode(decoder === undefined ? head : new Uint8Array(), true),
  };
}

function encodingOf([first, second]: Uint8Array): string {
  if ((first === 0xff && second === 0xfe) || (first === 0x3c && second === 0)) return 'utf-16le';
  if ((first === 0xfe && second === 0xff) || (first === 0 && second === 0x3c)) return 'utf-16be';
  return 'utf-8';
}
