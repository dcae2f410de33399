import { describe, expect, test } from '@jest/globals';
import { readJson } from '../../lambdas/adapters/read-json.ts';

const read = (text: string) => readJson(Buffer.from(text));
const listOf = (count: number, item: string) => `[${`${item},`.repeat(count - 1)}${item}]`;
const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;

describe('JSON from upstream', () => {
  test.each([
    ['lists', () => `{"features": ${listOf(50_001, '{}')}}`, 'a list of more than 50000 from upstream'],
    ['lists far inside', () => `[{"a": [1, ${listOf(50_001, '1')}, 2]}]`, 'a list of more than 50000 from upstream'],
    ['values', () => listOf(40, listOf(40_000, '1')), 'more than 1500000 values from upstream'],
  ])('has no more %s than any feed', (_name, text, message) => {
    const fault = expect.objectContaining({ outcome: 'upstream_too_large', code: 'UPSTREAM_TOO_LARGE', message });
    expect(() => read(text())).toThrow(fault);
  });

  test('is not nested deeper than any feed, which is no defect of ours', () => {
    const message = 'the answer is nested more than 100 levels deep';
    const fault = expect.objectContaining({ outcome: 'upstream_parse_failure', code: 'UPSTREAM_PARSE', message });
    for (const levels of [101, 3_000, 1_000_000]) expect(() => read(nested(levels))).toThrow(fault);
    expect(() => read(`{"a": ${'{"a": '.repeat(200)}`)).toThrow(fault);
  });

  test('may have as much as a feed may', () => {
    expect(read(listOf(50_000, '{}'))).toHaveLength(50_000);
    expect(read(listOf(30, listOf(49_000, '1')))).toHaveLength(30);
    expect(read(nested(100))).toHaveLength(1);
    // Lists beside each other are not one list.
    expect(read(`{"a": ${listOf(40_000, '1')}, "b": ${listOf(40_000, '1')}}`)).toMatchObject({ a: { length: 40_000 } });
  });

  test('may have texts of whatever marks', () => {
    // A mark that is behind a quote within a text is no mark either.
    expect(read(`["${'\\",'.repeat(120_000)}"]`)).toEqual([`${'",'.repeat(120_000)}`]);
    const text = `${'[{,'.repeat(100_000)}\\" \\\\`;
    expect(read(`["${text}", "a", ["\\\\"]]`)).toEqual([`${'[{,'.repeat(100_000)}" \\`, 'a', ['\\']]);
  });

  test.each(['["', '["\\', '["a\\"', ']]]]', '[,', '{"a":'])('is a fault where it is none: %s', (text) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ code: 'UPSTREAM_PARSE' }));
  });
});
