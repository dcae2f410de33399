const MIB = 1024 * 1024;

/** What a file may ask of us. Far above what people's files have; a file that goes beyond is refused, not read in part. */
export const limits = {
  /** Files within the archive. */
  entries: 10_000,
  /** Bytes of one file within the archive, and of all that are read. */
  inflatedBytes: 2048 * MIB,
  allInflatedBytes: 3072 * MIB,
  /** Inflated bytes per byte in the archive; deflate's limit is 1032. Small files may be as dense as they like. */
  ratio: 250,
  ratioFromBytes: 16 * MIB,
  /** Bytes of XML without an element in them: one text, comment or tag. */
  xmlTokenBytes: 4 * MIB,
  xmlDepth: 100,
  cells: 100_000_000,
  /** As many as the format has. */
  rows: 1_048_576,
  columns: 16_384,
  /** Bytes of all shared strings, which are in memory at once, with their index. */
  stringBytes: 192 * MIB,
  /** Bytes of text in a row; a longer one is rejected. */
  rowBytes: MIB,
  /** Cell formats of the workbook; twice of what the format has. */
  formats: 131_072,
} as const;
