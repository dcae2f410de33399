import { CR, DELIMITER, type Dialect, ESCAPE, LEAD, LF, QUOTE, SPECIAL, TEXT } from './units.ts';

/** Flags of a field. */
export const NEEDS_DECODING = 1;
export const HAS_ESCAPES = 2;
export const QUOTED = 4;

/** Numbers per field in `bounds`: first unit, unit after the last (quotes left out), flags. */
export const STRIDE = 3;

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
  const { crEndsRow } = dialect;
  const doubling = dialect.escape === dialect.quote;
  const lf = 0x0a;

  /** The rest of a quoted field from `at` on; answers the unit after the closing quote, or -1 for "more units". */
  function quotedField(units: Units, at: number, final: boolean, slot: number): number {
    const end = units.length;
    const rowsBefore = scan.rows;
    let flags = QUOTED;
    let p = at;
    while (p < end) {
      const kind = classes[units[p] as number] as number;
      if (kind === TEXT || kind === DELIMITER) {
        p++;
        continue;
      }
      if (kind === SPECIAL) {
        flags |= NEEDS_DECODING;
        p++;
        continue;
      }
      if (kind === LF) {
        scan.rows++;
        p++;
        continue;
      }
      // The meaning of all others hangs on the unit after them.
      if (p + 1 >= end && !final) return -1;
      const following = p + 1 < end ? (units[p + 1] as number) : -1;
      if (kind === CR) {
        if (following !== lf) scan.rows++;
        p++;
      } else if (kind === LEAD) {
        flags |= NEEDS_DECODING;
        p += following === lf || following === -1 ? 1 : 2;
      } else if (kind === ESCAPE) {
        const followingKind = following === -1 ? TEXT : classes[following];
        const literal = followingKind === QUOTE || followingKind === ESCAPE;
        if (literal) flags |= HAS_ESCAPES;
        p += literal ? 2 : 1;
      } else if (doubling && following !== -1 && classes[following] === QUOTE) {
        flags |= HAS_ESCAPES;
        p += 2;
      } else {
        setField(slot, at, p, flags);
        return p + 1;
      }
    }
    if (!final) return -1;
    scan.problem = 'open quote';
    scan.problemField = scan.fields;
    scan.problemRows = rowsBefore;
    setField(slot, at, end, flags);
    return end;
  }

  function setField(slot: number, from: number, to: number, flags: number): void {
    scan.bounds[slot] = from;
    scan.bounds[slot + 1] = to;
    scan.bounds[slot + 2] = flags;
  }

  function endRecord(end: number, next: number): true {
    scan.fields++;
    scan.rows++;
    scan.end = end;
    scan.next = next;
    return true;
  }

  return function scanRecord(units, start, final) {
    const end = units.length;
    scan.fields = 0;
    scan.rows = 0;
    scan.problem = undefined;
    let p = start;
    for (;;) {
      const slot = scan.fields * STRIDE;
      if (slot + STRIDE > scan.bounds.length) scan.bounds = grown(scan.bounds);
      const from = p;
      let flags = 0;
      let quoted = false;
      if (p < end && classes[units[p] as number] === QUOTE && scan.problem === undefined) {
        quoted = true;
        p = quotedField(units, p + 1, final, slot);
        if (p < 0) return false;
      }
      const afterQuotes = p;
      let delimited = false;
      while (p < end) {
        const kind = classes[units[p] as number] as number;
        if (kind === TEXT) {
          p++;
          continue;
        }
        if (kind === DELIMITER) {
          delimited = true;
          break;
        }
        if (kind === LF) break;
        if (kind === CR || kind === LEAD) {
          if (p + 1 >= end && !final) return false;
          const following = p + 1 < end ? (units[p + 1] as number) : -1;
          if (kind === CR) {
            if (following === lf || following === -1 || crEndsRow) break;
            scan.rows++;
            p++;
          } else {
            flags |= NEEDS_DECODING;
            p += following === lf || following === -1 ? 1 : 2;
          }
          continue;
        }
        if (kind === SPECIAL) flags |= NEEDS_DECODING;
        p++;
      }
      if (p >= end && !final) return false;
      if (!quoted) {
        setField(slot, from, p, flags);
      } else if (p > afterQuotes && scan.problem === undefined) {
        scan.problem = 'stray quote';
        scan.problemField = scan.fields;
      }
      if (!delimited) {
        if (p >= end) return endRecord(end, end);
        const crlf = units[p] !== lf && units[p + 1] === lf;
        return endRecord(p, p + (crlf ? 2 : 1));
      }
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
