import { RunFailure } from '../../domain/errors.ts';
import type { Sheet } from './book/workbook.ts';
import { unreadableFile } from './unreadable-file.ts';

/** Names shown in a message. */
const SHOWN = 20;

/** The sheet of this name, or the first one that people can see. */
export function chooseSheet(sheets: readonly Sheet[], name: string | undefined): Sheet {
  if (sheets.length === 0) throw unreadableFile('it has no sheets');
  const chosen = name === undefined ? sheets.find(({ hidden }) => !hidden) : named(sheets, name);
  if (chosen !== undefined) return chosen;
  const shown = sheets.slice(0, SHOWN).map((sheet) => `"${sheet.name}"${sheet.hidden ? ' (hidden)' : ''}`);
  const more = sheets.length > SHOWN ? `, … ${sheets.length - SHOWN} more` : '';
  const why = name === undefined ? 'all sheets are hidden, name one of them' : `no sheet "${name}"`;
  const message = `source.options.sheet: ${why} (sheets: ${shown.join(', ')}${more})`;
  throw new RunFailure('refused', `Invalid wrapper configuration: ${message}`);
}

/** What else there was to choose from, for people. */
export function sheetNotes(sheets: readonly Sheet[], chosen: Sheet, name: string | undefined): string[] {
  if (name !== undefined || sheets.length === 1) return [];
  const hidden = sheets.filter((sheet) => sheet.hidden).length;
  return [`sheet "${chosen.name}", the first visible of ${sheets.length}${hidden > 0 ? ` (${hidden} hidden)` : ''}`];
}

/** Spreadsheets don't let two names differ by case alone. */
function named(sheets: readonly Sheet[], name: string): Sheet | undefined {
  return (
    sheets.find((sheet) => sheet.name === name) ??
    sheets.find((sheet) => sheet.name.toLowerCase() === name.toLowerCase())
  );
}
