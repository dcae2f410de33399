import type { Units } from './scanner.ts';
import { CR, DELIMITER, type Dialect, ESCAPE, LEAD, LF, QUOTE } from './units.ts';

/**
 * Walks to the end of a record that is too long to be kept, however many blocks it takes, by the same rules as
 * the scanner. `skip` answers the unit after the record's line end, or -1 when the record goes on.
 */
export type RecordSkipper = {
  skip(units: Units, start: number, final: boolean): number;
  /** Physical rows so far. */
  readonly rows: number;
  /** At the end of the file: the rows before the quote that was never closed; undefined: all are closed. */
  readonly openedAfter: number | undefined;
};

type State = 'field start' | 'text' | 'quoted' | 'escaped' | 'lead' | 'quoted lead' | 'quote in quotes' | 'cr';

export function recordSkipper(classes: Uint8Array, dialect: Dialect): RecordSkipper {
  const doubling = dialect.escape === dialect.quote;
  let state: State = 'field start';
  let rows = 0;
  let openedAfter = 0;
  /** Text came after a closing quote: from here to the line end, quotes are text. */
  let isBroken = false;
  /** A CR inside quotes: a row of its own unless LF follows. */
  let pendingRow = false;

  function quotedUnit(kind: number): State {
    if (pendingRow && kind !== LF) rows++;
    pendingRow = kind === CR;
    if (kind === LF) rows++;
    if (kind === QUOTE) return 'quote in quotes';
    if (kind === ESCAPE) return 'escaped';
    return kind === LEAD ? 'quoted lead' : 'quoted';
  }

  function plainUnit(kind: number, isStart: boolean): State {
    if (kind === DELIMITER) return 'field start';
    if (kind === QUOTE && isStart && !isBroken) {
      openedAfter = rows;
      return 'quoted';
    }
    if (kind === CR) return 'cr';
    return kind === LEAD ? 'lead' : 'text';
  }

  /** The state after a unit that does not end the record. */
  function following(kind: number): State {
    switch (state) {
      case 'quoted':
        return quotedUnit(kind);
      case 'quoted lead':
        return kind === LF ? quotedUnit(kind) : 'quoted';
      case 'escaped':
        return kind === QUOTE || kind === ESCAPE ? 'quoted' : quotedUnit(kind);
      case 'quote in quotes':
        if (kind === QUOTE && doubling) return 'quoted';
        isBroken = kind !== DELIMITER;
        return plainUnit(kind, false);
      case 'lead':
        return 'text';
      default:
        return plainUnit(kind, state === 'field start');
    }
  }

  const inQuotes = () => state === 'quoted' || state === 'escaped' || state === 'quoted lead';

  return {
    get rows() {
      return rows;
    },
    get openedAfter() {
      return inQuotes() ? openedAfter : undefined;
    },
    skip(units, start, final) {
      for (let p = start; p < units.length; p++) {
        const kind = classes[units[p] as number] as number;
        if (state === 'cr') {
          if (kind === LF || dialect.crEndsRow) {
            rows++;
            return kind === LF ? p + 1 : p;
          }
          rows++;
          state = 'text';
        }
        if (kind === LF && !inQuotes()) {
          rows++;
          return p + 1;
        }
        state = following(kind);
      }
      if (!final) return -1;
      rows++;
      return units.length;
    },
  };
}
