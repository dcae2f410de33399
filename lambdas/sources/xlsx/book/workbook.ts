import { unreadableFile } from '../unreadable-file.ts';
import { type Attributes, readAllXml } from '../xml/read-xml.ts';
import type { ZipArchive } from '../zip/zip-archive.ts';
import { type Relationship, readRelationships } from './relationships.ts';

export type Sheet = { readonly name: string; readonly hidden: boolean; readonly part: string };

/** What a workbook consists of; parts are names in the archive. */
export type Workbook = {
  /** Worksheets in the order of their tabs; charts are none. */
  readonly sheets: readonly Sheet[];
  /** Dates count from 1904, as files from old Macs have it. */
  readonly date1904: boolean;
  readonly strings: string | undefined;
  readonly styles: string | undefined;
};

/** Reads the workbook by following relationships: its parts may have any name, and lie in any folder. */
export async function readWorkbook(archive: ZipArchive): Promise<Workbook> {
  const part = await workbookPart(archive);
  const related = await readRelationships(archive, part);
  const sheets: Sheet[] = [];
  let date1904 = false;
  let root: string | undefined;
  await readAllXml(part, archive.read(part), {
    open(element, attributes) {
      root ??= element;
      if (element === 'workbookPr') date1904 = isTrue(attributes.date1904);
      if (element !== 'sheet') return;
      const target = related.find(({ id }) => id === relationshipId(attributes));
      if (target?.kind !== 'worksheet') return;
      const hidden = ['hidden', 'veryHidden'].includes(attributes.state ?? '');
      sheets.push({ name: attributes.name ?? '', hidden, part: target.part });
    },
  });
  if (root !== 'workbook') throw unreadableFile(`${part} is no workbook, but a ${root}`);
  return { sheets, date1904, strings: partOf(related, 'sharedStrings'), styles: partOf(related, 'styles') };
}

async function workbookPart(archive: ZipArchive): Promise<string> {
  const part = partOf(await readRelationships(archive, ''), 'officeDocument') ?? 'xl/workbook.xml';
  if (part.endsWith('.bin')) throw unreadableFile('it is a binary workbook (XLSB): save it as XLSX');
  if (archive.has(part)) return part;
  const isOpenDocument = archive.has('content.xml') && archive.has('META-INF/manifest.xml');
  throw unreadableFile(
    isOpenDocument ? 'it is an OpenDocument file (ODS): save it as XLSX' : 'it is a ZIP file without a workbook',
  );
}

const partOf = (related: readonly Relationship[], kind: string) => related.find((one) => one.kind === kind)?.part;

/** `r:id`, whatever the prefix is. */
function relationshipId(attributes: Attributes): string | undefined {
  return Object.entries(attributes).find(([name]) => name.endsWith(':id'))?.[1];
}

const isTrue = (value: string | undefined) => value === '1' || value === 'true' || value === 'on';
