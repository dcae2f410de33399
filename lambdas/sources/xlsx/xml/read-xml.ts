import { SaxesParser } from 'saxes';
import { limits } from '../limits.ts';
import { tooMuch, unreadableFile } from '../unreadable-file.ts';
import { textDecoder } from './text-decoder.ts';

export type Attributes = Readonly<Record<string, string>>;

/** Elements of later versions, some of them with names of today's: they are passed over. */
const EXTENSIONS = 'extLst';

/** What is done with the elements of a file; names come without their namespace prefix. */
export type XmlHandlers = {
  open(name: string, attributes: Attributes): void;
  close?(name: string): void;
  /** Text between tags, also pieces of it. */
  text?(text: string): void;
};

/**
 * Reads XML as it comes. Yields after each chunk, so that its reader can take out what the handlers have collected, or
 * leave. No more than a token and the names of the open elements are in memory; entities of a DTD are not expanded.
 * `name` is the file's, for messages.
 */
export async function* readXml(
  name: string,
  chunks: AsyncIterable<Uint8Array>,
  handlers: XmlHandlers,
): AsyncGenerator<void> {
  const decoder = textDecoder(name);
  const { parser, quietBytes } = startParser(name, handlers);
  for await (const chunk of chunks) {
    const text = decoder.decode(chunk);
    if (quietBytes(text.length) > limits.xmlTokenBytes) throw tooMuch(`${name} has a text of more than 4 MiB`);
    parser.write(text);
    yield;
  }
  parser.write(decoder.end());
  parser.close();
  yield;
}

/** Reads XML to its end. */
export async function readAllXml(
  name: string,
  chunks: AsyncIterable<Uint8Array>,
  handlers: XmlHandlers,
): Promise<void> {
  for await (const _ of readXml(name, chunks, handlers));
}

function startParser(name: string, handlers: XmlHandlers) {
  const parser = new SaxesParser({ xmlns: false, position: false });
  let depth = 0;
  let quiet = 0;
  /** Depth of the open list of extensions; 0: none is open. */
  let extensionsAt = 0;
  parser.on('error', (error) => {
    throw unreadableFile(`${name} is not well-formed: ${error.message.trim()}`, error);
  });
  parser.on('opentag', (tag) => {
    quiet = 0;
    if (++depth > limits.xmlDepth) throw tooMuch(`${name} nests elements more than ${limits.xmlDepth} deep`);
    const element = localName(tag.name);
    if (element === EXTENSIONS && extensionsAt === 0) extensionsAt = depth;
    if (extensionsAt === 0) handlers.open(element, tag.attributes);
  });
  parser.on('closetag', (tag) => {
    if (extensionsAt === 0) handlers.close?.(localName(tag.name));
    else if (extensionsAt === depth) extensionsAt = 0;
    depth--;
  });
  if (handlers.text !== undefined) {
    parser.on('text', handlers.text);
    parser.on('cdata', handlers.text);
  }
  /** Characters since the last tag, with `more` of them. */
  const quietBytes = (more: number) => (quiet += more);
  return { parser, quietBytes };
}

function localName(name: string): string {
  const colon = name.indexOf(':');
  return colon < 0 ? name : name.slice(colon + 1);
}
