import { describe, expect, test } from '@jest/globals';
import { parseTemplate } from '../../../lambdas/domain/mapping/template.ts';
import { timestampParser } from '../../../lambdas/domain/mapping/timestamp-parser.ts';

const parseTime = timestampParser('iso', undefined, 'test');

/** What a template makes of fields, by name; undefined: a function could not be used on its value. */
function made(template: string, fields: Readonly<Record<string, string | null>> = {}): string | undefined {
  const parsed = parseTemplate(template);
  if ('problem' in parsed) throw new Error(parsed.problem);
  const parts = parsed.map((part) => {
    if (typeof part === 'string') return part;
    const start = fields[part.field] as string | null | undefined;
    return part.calls.reduce<string | null | undefined>(
      (text, { apply }) => (text === undefined ? undefined : apply(text, parseTime)),
      start,
    );
  });
  return parts.includes(undefined) ? undefined : parts.join('');
}

describe('a template', () => {
  test.each([
    ['plain', 'plain'],
    ['{a}-{b}', 'Ä x-null'.replace('null', '')],
    ['{ a }', 'Ä x'],
    ['{{{a}}}', '{Ä x}'],
    ['{"odd | {name}"}', 'odd'],
    ['{b|default(none)}', 'none'],
    ['{b|default("a, \\"b\\" | c)")}', 'a, "b" | c)'],
    ['{b|default()}', ''],
    ['{b | default( n/a ) | upper}', 'N/A'],
    ['{a|lower|trim}', 'ä x'],
    ['{number|pad(6)}', '000042'],
    ['{number|pad(4," ")}|', '  42|'],
    ['{number|pad_end(4, _)}', '42__'],
    ['{number|pad(1)}', '42'],
    ['{emoji|substring(1)}', '👍b'],
    ['{emoji|substring(1, 1)}', '👍'],
    ['{emoji|pad(4,👍)}', '👍a👍b'],
    ['{emoji|substring(9)}', ''],
    ['{at|date}', '2026-03-04'],
    ['{at|time}', '07:59:59'],
    ['{at|year}/{at|month}/{at|day} {at|hour}:{at|minute}:{at|second}', '2026/03/04 07:59:59'],
  ])('%s', (template, expected) => {
    const fields = {
      a: 'Ä x',
      b: null,
      'odd | {name}': 'odd',
      number: '42',
      emoji: 'a👍b',
      at: '2026-03-03T23:59:59-08:00',
    };
    expect(made(template, fields)).toBe(expected);
  });

  test.each(['upper', 'substring(1)', 'pad(3)', 'date'])('%s of no value is no value', (call) => {
    expect(made(`{a|${call}}`, { a: null })).toBe('');
  });

  test('of a date function on what is no time has no result', () => {
    expect(made('{a|date}', { a: 'yesterday' })).toBeUndefined();
  });
});

describe('a template that can’t be read says why', () => {
  test.each([
    ['{a', `can't be read from "{a" on`],
    ['a}', `can't be read from "}" on`],
    ['x{a{b}}', `can't be read from "{a{b}}" on`],
    ['{}', '{} names no field'],
    ['{|upper}', '{|upper} names no field'],
    ['{a|}', '"" is not a function'],
    ['{a|upper lower}', '"upper lower" is not a function'],
    ['{a|eval(1)}', 'no function "eval" (functions: upper, lower, trim, default'],
    ['{a|constructor}', 'no function "constructor"'],
    ['{a|upper(1)}', 'upper is used as upper'],
    ['{a|default}', 'default is used as default(text)'],
    ['{a|substring}', 'substring is used as substring(start, length)'],
    ['{a|substring(-1)}', 'substring is used as'],
    ['{a|substring(1,x)}', 'substring is used as'],
    ['{a|pad(1001)}', 'pad is used as pad(length, character)'],
    ['{a|pad(5,ab)}', 'pad is used as'],
    ['{a|date(iso)}', 'date is used as date'],
  ])('%s', (template, problem) => {
    expect(parseTemplate(template)).toEqual({ problem: expect.stringContaining(problem) });
  });

  test('in linear time', () => {
    const began = performance.now();
    for (const text of ['{"\\'.repeat(300), '{a|f('.repeat(200), `{${'"a"'.repeat(300)}`]) parseTemplate(text);
    expect(performance.now() - began).toBeLessThan(200);
  });
});
