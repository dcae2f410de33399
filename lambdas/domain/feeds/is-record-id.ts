/** A key may have 1024, and an id that is there twice is numbered. */
const MAX_BYTES = 1000;

/** Whether a record can be kept under it, and found again: half of a pair of surrogates would come back as something else. */
export function isRecordId(id: unknown): id is string {
  return typeof id === 'string' && id !== '' && id.isWellFormed() && Buffer.byteLength(id) <= MAX_BYTES;
}
