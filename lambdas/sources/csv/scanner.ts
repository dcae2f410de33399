import { CR, DELIMITER, type Dialect, ESCAPE, LEAD, LF, QUOTE, SPECIAL, TEXT } from './units.ts';

/** Flags of a field: it can't simply be cut out of the text; it has escaped quotes. */
export const NEEDS_DECODING = 1;
export const HAS_ESCAPES = 2;

/** Numbers per field in `bounds`: first unit, unit after the last (quotes left out), flags. */
export const STRIDE = 3;

const LF_UNIT = 0x0a;
/** No unit: the file ends. */
const NONE = -1;
/** The record goes on beyond the units at hand. */
const MORE = -1;

export type Units = Uint8Array | Uint16Array;

export type Scan = {
  bounds: Int32Array;
  fields: number;
  /** The unit after the record's text, before its line end. */
  end: number;
  /** The unit after its line end. */
  next: number;
  /** Physical rows it takes, as an editor counts lines: each LF, CR LF or CR. */
  rows: number;
  problem: 'stray quote' | 'open quote' | undefined;
  /** Index of the field with the problem. */
  problemField: number;
  /** Rows between the record's first one and the one where the open quote is. */
  problemRows: number;
};

export function newScan(): Scan {
  return {
    bounds: new Int32Array(64 * STRIDE),
    fields: 0,
    end: 0,
    next: 0,
    rows: 0,
    problem: undefined,
    problemField: 0,
    problemRows: 0,
  };
}

/**
 * Finds the fields of the record that starts at `start` (RFC 4180; a quote inside an unquoted field is text).
 * A row with text after a closing quote ends with its line: what quotes mean in it is anyone's guess, and must not reach
 * into the rows that follow. Answers false when the record goes on beyond the units at hand: the caller brings more and asks again.
 * `final`: there are no more, so what is there is the last record.
 */
export type ScanRecord = (units: Units, start: number, final: boolean) => boolean;

export function recordScanner(classes: Uint8Array, dialect: Dialect, scan: Scan): ScanRecord {
  const doubling = dialect.escape === dialect.quote;
  /** Flags of the field that is being read. */
  let flags = 0;

  function setField(slot: number, from: number, to: number): void {
    scan.bounds[slot] = from;
    scan.bounds[slot + 1] = to;
    scan.bounds[slot + 2] = flags;
  }

  /** The units a leading one and its follower take; a line end is never a follower. */
  const leadWidth = (following: number) => (following === LF_UNIT || following === NONE ? 1 : 2);

  /** Reads a quoted field from `at`, after its quote; answers the unit after the closing one, or -1 for "more units". */
  function quotedField(units: Units, at: number, final: boolean, slot: number): number {
    const end = units.length;
    const rowsBefore = scan.rows;
    let p = at;
    while (p < end) {
      const kind = classes[units[p] as number] as number;
      if (kind === TEXT || kind === DELIMITER) {
        p++;
        continue;
      }
      if (kind === SPECIAL || kind === LF) {
        if (kind === LF) scan.rows++;
        else flags |= NEEDS_DECODING;
        p++;
        continue;
      }
      // The meaning of all others hangs on the unit after them.
      if (p + 1 >= end && !final) return MORE;
      const following = p + 1 < end ? (units[p + 1] as number) : NONE;
      const followingKind = following === NONE ? TEXT : (classes[following] as number);
      if (kind === CR) {
        if (following !== LF_UNIT) scan.rows++;
        p++;
      } else if (kind === LEAD) {
        flags |= NEEDS_DECODING;
        p += leadWidth(following);
      } else if (
        kind === ESCAPE ? followingKind === QUOTE || followingKind === ESCAPE : doubling && followingKind === QUOTE
      ) {
        flags |= HAS_ESCAPES;
        p += 2;
      } else if (kind === ESCAPE) {
        p++;
      } else {
        setField(slot, at, p);
        return p + 1;
      }
    }
    if (!final) return MORE;
    scan.problem = 'open quote';
    scan.problemField = scan.fields;
    scan.problemRows = rowsBefore;
    setField(slot, at, end);
    return end;
  }

  /** Passes over text; answers the delimiter or line end after it, or -1 for "more units". */
  function plainText(units: Units, at: number, final: boolean): number {
    const end = units.length;
    let p = at;
    while (p < end) {
      const kind = classes[units[p] as number] as number;
      if (kind === TEXT) {
        p++;
        continue;
      }
      if (kind === DELIMITER || kind === LF) return p;
      if (kind === CR || kind === LEAD) {
        if (p + 1 >= end && !final) return MORE;
        const following = p + 1 < end ? (units[p + 1] as number) : NONE;
        if (kind === LEAD) {
          flags |= NEEDS_DECODING;
          p += leadWidth(following);
          continue;
        }
        if (following === LF_UNIT || following === NONE || dialect.crEndsRow) return p;
        scan.rows++;
      } else if (kind === SPECIAL) {
        flags |= NEEDS_DECODING;
      }
      p++;
    }
    return final ? p : MORE;
  }

  /** The record ends at `at`: with a line end, or with the file. */
  function endRecord(units: Units, at: number): true {
    const isCrLf = units[at] !== LF_UNIT && units[at + 1] === LF_UNIT;
    scan.fields++;
    scan.rows++;
    scan.end = at;
    scan.next = Math.min(at + (isCrLf ? 2 : 1), units.length);
    return true;
  }

  return function scanRecord(units, start, final) {
    scan.fields = 0;
    scan.rows = 0;
    scan.problem = undefined;
    let p = start;
    for (;;) {
      const slot = scan.fields * STRIDE;
      if (slot === scan.bounds.length) scan.bounds = grown(scan.bounds);
      const from = p;
      const isQuoted = p < units.length && classes[units[p] as number] === QUOTE && scan.problem === undefined;
      flags = 0;
      if (isQuoted) p = quotedField(units, p + 1, final, slot);
      if (p === MORE) return false;
      const afterQuotes = p;
      p = plainText(units, p, final);
      if (p === MORE) return false;
      if (!isQuoted) {
        setField(slot, from, p);
      } else if (p > afterQuotes) {
        scan.problem = 'stray quote';
        scan.problemField = scan.fields;
      }
      if (p >= units.length || classes[units[p] as number] !== DELIMITER) return endRecord(units, p);
      scan.fields++;
      p++;
    }
  };
}

function grown(bounds: Int32Array): Int32Array {
  const larger = new Int32Array(bounds.length * 2);
  larger.set(bounds);
  return larger;
}
