import { limits } from '../limits.ts';
import { tooMuch } from '../unreadable-file.ts';
import { readAllXml } from '../xml/read-xml.ts';
import type { ZipArchive } from '../zip/zip-archive.ts';
import { builtInKind, type DateKind, formatKind } from './number-format.ts';

/** What numbers are, by the number of their cell's format. */
export type CellFormats = readonly DateKind[];

/** Reads the styles for the one thing that data needs of them: which numbers are dates. */
export async function readCellFormats(archive: ZipArchive, part: string | undefined): Promise<CellFormats> {
  if (part === undefined) return [];
  const custom = new Map<number, DateKind>();
  const ids: number[] = [];
  let isInCellFormats = false;
  await readAllXml(part, archive.read(part), {
    open(element, { numFmtId, formatCode }) {
      if (element === 'cellXfs') isInCellFormats = true;
      else if (element === 'numFmt') custom.set(Number(numFmtId), formatKind(formatCode ?? ''));
      else if (element === 'xf' && isInCellFormats) ids.push(Number(numFmtId ?? 0));
      if (ids.length > limits.formats || custom.size > limits.formats)
        throw tooMuch(`more than ${limits.formats} formats`);
    },
    close(element) {
      if (element === 'cellXfs') isInCellFormats = false;
    },
  });
  // A file may redefine what a built-in number means.
  return ids.map((id) => (custom.has(id) ? custom.get(id) : builtInKind(id)));
}
