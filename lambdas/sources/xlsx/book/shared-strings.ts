import { readXml } from '../xml/read-xml.ts';
import type { ZipArchive } from '../zip/zip-archive.ts';
import { type StringTable, stringTable } from './string-table.ts';
import { unescaped } from './unescaped.ts';

/**
 * Reads the texts that cells refer to by number, the first `most` of them. Rich text is put together, phonetic runs are
 * left out. Throws when they take more memory than `limits.stringBytes`.
 */
export async function readSharedStrings(
  archive: ZipArchive,
  part: string | undefined,
  most = Number.POSITIVE_INFINITY,
): Promise<StringTable> {
  const table = stringTable();
  if (part === undefined || most <= 0) return table;
  let text = '';
  let isText = false;
  let isPhonetic = false;
  const reading = readXml(part, archive.read(part), {
    open(element) {
      if (element === 'si') text = '';
      else if (element === 't') isText = !isPhonetic;
      else if (element === 'rPh') isPhonetic = true;
    },
    close(element) {
      if (element === 'si') table.add(unescaped(text));
      else if (element === 't') isText = false;
      else if (element === 'rPh') isPhonetic = false;
    },
    text(piece) {
      if (isText) text += piece;
    },
  });
  for await (const _ of reading) {
    if (table.size >= most) break;
  }
  return table;
}
