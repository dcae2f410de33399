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

/** What a text must have somewhere for a number in it to lose digits: 16 of them in a row, or a long exponent. */
const suspect = /\d{16}|\d[\d.]{16}|\d[eE][+-]?\d{3}/;
const number = /^-?(?<whole>\d+)(?:\.(?<fraction>\d*))?(?:[eE](?<exponent>[+-]?\d+))?$/;

export function isExactNumber(value: unknown): value is ExactNumber {
  return exactJson.isRawJSON(value);
}

/** The number that this text, a number of JSON, stands for: a float where that is the same, else exactly as written. */
export function exactNumber(text: string): number | ExactNumber {
  const value = Number(text);
  const isShort = text.length <= 15 && !/e/i.test(text);
  return isShort || !losesDigits(text, value) ? value : exactJson.rawJSON(text);
}

/**
 * `JSON.parse` without damage to numbers: what a float can't hold, such as integers beyond 2^53, long decimals or 1e999,
 * is an `ExactNumber`. Keys such as `__proto__` are keys like any other. @throws SyntaxError
 */
export function parseJson(text: string): JsonValue {
  // Looking at each value makes parsing some times slower, and nearly no text needs it.
  if (!suspect.test(text)) return JSON.parse(text) as JsonValue;
  return exactJson.parse(text, (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined && losesDigits(source, value) ? exactJson.rawJSON(source) : value,
  );
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

/** The same text for the same number: its digits without zeros around them, and the power of ten of the last one. */
function normalized(text: string): string | undefined {
  const groups = number.exec(text)?.groups;
  if (groups === undefined) return undefined;
  const { whole = '', fraction = '', exponent = '0' } = groups;
  const digits = (whole + fraction).replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return '0';
  const power = Number(exponent) - fraction.length + digits.length - significant.length;
  return `${text.startsWith('-') ? '-' : ''}${significant}e${power}`;
}
