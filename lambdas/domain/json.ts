/** Values that JSON can hold; an `ExactNumber` among them counts as one. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** A number as it was written, where a float would lose digits of it: `JSON.stringify` writes it out as it was. */
export type ExactNumber = { readonly rawJSON: string };

/** Parts of `JSON` that its type declarations don't have yet. */
type ExactJson = {
  rawJSON(text: string): ExactNumber;
  isRawJSON(value: unknown): value is ExactNumber;
  parse(text: string, revive: (key: string, value: JsonValue, context: { source?: string }) => JsonValue): JsonValue;
};
const exactJson = JSON as unknown as ExactJson;

/** Characters of the longest number that is taken: many times what any measurement has. */
export const LONGEST_NUMBER = 1000;

/** What a text must have somewhere for a number in it to lose anything: many digits, a long exponent, zero's sign. */
const suspect = /\d{16}|\d[\d.]{16}|\d[eE][+-]?\d{3}|(?:^|[\s:,[])-0[.0]*(?:$|[\s,\]}eE])/;
const number = /^-?(?<whole>\d+)(?:\.(?<fraction>\d*))?(?:[eE](?<exponent>[+-]?\d+))?$/;

export function isExactNumber(value: unknown): value is ExactNumber {
  return exactJson.isRawJSON(value);
}

/** The number that this text, a number of JSON, stands for: a float where that is the same, else exactly as written. */
export function exactNumber(text: string): number | ExactNumber {
  const value = Number(text);
  const isShort = text.length <= 15 && value !== 0 && !/e/i.test(text);
  return isShort || !losesDigits(text, value) ? value : exactJson.rawJSON(text);
}

/**
 * `JSON.parse` without damage to numbers: what a float can't hold, such as integers beyond 2^53, long decimals, -0 or
 * 1e999, is an `ExactNumber`. Keys such as `__proto__` are keys like any other.
 *
 * @throws SyntaxError, for what is no JSON and for a number of more than 1,000 characters
 */
export function parseJson(text: string): JsonValue {
  // Looking at each value makes parsing some times slower, and nearly no text needs it.
  if (!suspect.test(text)) return JSON.parse(text) as JsonValue;
  return exactJson.parse(text, (_key, value, { source }) => {
    if (typeof value !== 'number' || source === undefined) return value;
    if (source.length > LONGEST_NUMBER) throw new SyntaxError(`a number has more than ${LONGEST_NUMBER} characters`);
    return losesDigits(source, value) ? exactJson.rawJSON(source) : value;
  });
}

/** `JSON.parse` that keeps every number as it is written, `1.10` and `1E2` too. @throws SyntaxError */
export function parseVerbatim(text: string): JsonValue {
  return exactJson.parse(text, (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined && source !== String(value) ? exactJson.rawJSON(source) : value,
  );
}

function losesDigits(text: string, value: number): boolean {
  return normalized(text) !== normalized(String(value));
}

/** The same text for the same number: its digits without zeros around them, and the power of ten behind them. */
function normalized(text: string): string | undefined {
  const groups = number.exec(text)?.groups;
  if (groups === undefined) return undefined;
  const { whole = '', fraction = '', exponent = '0' } = groups;
  const sign = text.startsWith('-') ? '-' : '';
  const digits = (whole + fraction).replace(/^0+/, '');
  // Not /0+$/, which looks at every run of zeros again from each of its zeros.
  let end = digits.length;
  while (digits[end - 1] === '0') end--;
  if (end === 0) return `${sign}0`;
  return `${sign}${digits.slice(0, end)}e${Number(exponent) - fraction.length + digits.length - end}`;
}
