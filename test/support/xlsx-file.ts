import { zipFile } from './zip-file.ts';

/** The XML of a cell, given where it stands; text is a shared string, a number or boolean itself, null no cell. */
export type XlsxCell = string | number | boolean | null | ((reference: string) => string);

export type XlsxSheet = {
  readonly name?: string;
  readonly state?: string;
  readonly rows: readonly (readonly XlsxCell[])[];
  readonly merges?: readonly string[];
  /** Replaces what is made of `rows`. */
  readonly xml?: string;
};

export type XlsxOptions = {
  readonly sheets?: readonly XlsxSheet[];
  /** Attributes of `workbookPr`. */
  readonly properties?: string;
  /** Formats of numbers, for cells with `s="1"`, `s="2"`, …; a number is one of the built-in formats. */
  readonly formats?: readonly (string | number)[];
  /** `<si>` elements put before those that the cells need. */
  readonly strings?: readonly string[];
  /** Puts this before the names of all elements. */
  readonly prefix?: string;
  readonly strict?: boolean;
  /** Files that are added or replaced; null leaves one out. */
  readonly files?: Readonly<Record<string, string | Uint8Array | null>>;
  /** 0: stored. */
  readonly level?: 0 | 6;
};

/** A cell with these attributes and this content, such as `dated`. */
export const cell = (attributes: string, content: string) => (reference: string) =>
  `<c r="${reference}" ${attributes}>${content}</c>`;
export const inline = (content: string) => cell('t="inlineStr"', `<is>${content}</is>`);
export const formatted = (format: number, value: number | string) => cell(`s="${format}"`, `<v>${value}</v>`);
export const error = (text: string) => cell('t="e"', `<v>${text}</v>`);

const xml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const transitional = {
  main: 'http://schemas.openxmlformats.org/spreadsheetml/2006/main',
  office: 'http://schemas.openxmlformats.org/officeDocument/2006/relationships',
};
const strictOnes = {
  main: 'http://purl.oclc.org/ooxml/spreadsheetml/main',
  office: 'http://purl.oclc.org/ooxml/officeDocument/relationships',
};

/** An XLSX file as small as can be, written by the standard (ECMA-376) and not by our reader's idea of it. */
export function xlsxFile(rows: readonly (readonly XlsxCell[])[], options: XlsxOptions = {}): Buffer<ArrayBuffer> {
  const { sheets = [{ rows }], prefix = '', files = {} } = options;
  const names = options.strict === true ? strictOnes : transitional;
  const texts: string[] = [...(options.strings ?? [])];
  const parts = Object.fromEntries(
    sheets.map((sheet, at) => [`xl/worksheets/sheet${at + 1}.xml`, sheet.xml ?? sheetXml(sheet, texts)]),
  );
  const listed = sheets.map(
    ({ name, state }, at) =>
      `<sheet name="${name ?? `Sheet${at + 1}`}" sheetId="${at + 1}"${state === undefined ? '' : ` state="${state}"`} r:id="rId${at + 1}"/>`,
  );
  const related = [
    ...sheets.map((_, at) => ['worksheet', `worksheets/sheet${at + 1}.xml`] as const),
    ['styles', 'styles.xml'] as const,
    ['sharedStrings', '/xl/sharedStrings.xml'] as const,
  ];
  const documents: Record<string, string> = {
    'xl/workbook.xml': `<workbook xmlns="MAIN" xmlns:r="${names.office}"><workbookPr ${options.properties ?? ''}/><sheets>${listed.join('')}</sheets></workbook>`,
    'xl/styles.xml': stylesXml(options.formats ?? []),
    'xl/sharedStrings.xml': `<sst xmlns="MAIN">${texts.join('')}</sst>`,
    ...parts,
  };
  const content: Record<string, string | Uint8Array | null> = {
    '_rels/.rels': relationshipsXml([['officeDocument', 'xl/workbook.xml']], names.office),
    'xl/_rels/workbook.xml.rels': relationshipsXml(related, names.office),
  };
  for (const [name, text] of Object.entries(documents)) content[name] = xml + prefixed(text, prefix, names.main);
  const all = Object.entries({ ...content, ...files }).filter((entry): entry is [string, string] => entry[1] !== null);
  return zipFile(Object.fromEntries(all), options.level ?? 6);
}

function sheetXml({ rows, merges = [] }: XlsxSheet, texts: string[]): string {
  const lines = rows.map((cells, at) => {
    const row = at + 1;
    const written = cells.map((value, column) => cellXml(value, `${letters(column + 1)}${row}`, texts));
    return written.every((text) => text === '') ? '' : `<row r="${row}">${written.join('')}</row>`;
  });
  const merged = merges.map((range) => `<mergeCell ref="${range}"/>`);
  const merging = merged.length === 0 ? '' : `<mergeCells count="${merged.length}">${merged.join('')}</mergeCells>`;
  return `<worksheet xmlns="MAIN"><sheetData>${lines.join('')}</sheetData>${merging}</worksheet>`;
}

function cellXml(value: XlsxCell, reference: string, texts: string[]): string {
  if (value === null) return '';
  if (typeof value === 'function') return value(reference);
  if (typeof value === 'number') return `<c r="${reference}"><v>${value}</v></c>`;
  if (typeof value === 'boolean') return `<c r="${reference}" t="b"><v>${value ? 1 : 0}</v></c>`;
  texts.push(`<si><t xml:space="preserve">${escaped(value)}</t></si>`);
  return `<c r="${reference}" t="s"><v>${texts.length - 1}</v></c>`;
}

function stylesXml(formats: readonly (string | number)[]): string {
  const custom = formats.map((format, at) =>
    typeof format === 'string' ? `<numFmt numFmtId="${164 + at}" formatCode="${escaped(format)}"/>` : '',
  );
  const used = formats.map((format, at) => `<xf numFmtId="${typeof format === 'number' ? format : 164 + at}"/>`);
  // The first list of formats is another one: cells refer to `cellXfs`.
  const named = '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>';
  return `<styleSheet xmlns="MAIN"><numFmts>${custom.join('')}</numFmts>${named}<cellXfs><xf numFmtId="0"/>${used.join('')}</cellXfs></styleSheet>`;
}

function relationshipsXml(targets: readonly (readonly [kind: string, target: string])[], office: string): string {
  const all = targets.map(
    ([kind, target], at) => `<Relationship Id="rId${at + 1}" Type="${office}/${kind}" Target="${target}"/>`,
  );
  return `${xml}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${all.join('')}</Relationships>`;
}

function prefixed(text: string, prefix: string, main: string): string {
  const named = text.replace('xmlns="MAIN"', `xmlns${prefix === '' ? '' : `:${prefix}`}="${main}"`);
  return prefix === '' ? named : named.replace(/<(\/?)(?=[a-zA-Z])/g, `<$1${prefix}:`);
}

const letters = (column: number): string =>
  (column > 26 ? letters(Math.floor((column - 1) / 26)) : '') + String.fromCharCode(0x41 + ((column - 1) % 26));

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
