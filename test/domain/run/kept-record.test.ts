import { describe, expect, test } from '@jest/globals';
import { type JsonValue, parseJson } from '../../../lambdas/domain/json.ts';
import { keptRecord, recordOf, withNullWords } from '../../../lambdas/domain/run/kept-record.ts';
import type { Fields } from '../../../lambdas/domain/source.ts';

function fieldsOf(
  values: Readonly<Record<string, JsonValue | undefined>>,
  problems: Readonly<Record<string, string>> = {},
): Fields {
  return {
    names: Object.keys(values),
    get: (name) => values[name],
    problemOf: (name) => problems[name],
  };
}

/** As the store gives it back. */
const stored = (fields: Fields) => JSON.parse(JSON.stringify(keptRecord(fields))) as ReturnType<typeof keptRecord>;

describe('a record kept in quarantine', () => {
  test('comes back value for value, number for number', () => {
    const values = {
      id: parseJson('12345678901234567890'),
      a: { b: [1.5, null] },
      text: 'x'.repeat(5000),
      none: undefined,
    };
    const record = recordOf(stored(fieldsOf(values)));
    expect(record?.names).toEqual(['id', 'a', 'text', 'none']);
    expect(JSON.stringify(record?.get('id'))).toBe('12345678901234567890');
    expect(record?.get('a')).toEqual({ b: [1.5, null] });
    expect(record?.get('text')).toBe(values.text);
    expect(record?.get('none')).toBeNull();
    expect(record?.get('toString')).toBeUndefined();
    expect(record?.problemOf).toBeUndefined();
  });

  test('has a field named __proto__ like any other', () => {
    const fields: Fields = { names: ['__proto__'], get: () => 'odd' };
    expect(recordOf(stored(fields))?.get('__proto__')).toBe('odd');
  });

  test('keeps what is wrong with its fields', () => {
    const record = recordOf(stored(fieldsOf({ share: '#DIV/0!', name: 'x' }, { share: 'cell B7: #DIV/0!' })));
    expect(record?.problemOf?.('share')).toBe('cell B7: #DIV/0!');
    expect(record?.problemOf?.('name')).toBeUndefined();
  });

  test('is shown from its beginning', () => {
    expect(keptRecord(fieldsOf({ a: 'b' }))).toEqual({ raw: '{"a":"b"}', rest: '' });
    expect(keptRecord(fieldsOf({ a: 'b'.repeat(5000) })).raw).toHaveLength(4096);
  });

  test('is not kept beyond 64 KB, nor is a row that could not be read', () => {
    const kept = keptRecord(fieldsOf({ a: 'b'.repeat(65_536) }));
    expect(kept.raw).toHaveLength(4096);
    expect(recordOf(kept)).toBeUndefined();
    expect(recordOf({ raw: '{"a":1}' })).toBeUndefined();
  });
});

test('words that mean "no value" by now are null, and no problem any more', () => {
  const record: Fields = {
    names: ['a', 'b', 'n'],
    get: (name) => ({ a: ' n/a ', b: 'text', n: 7 })[name],
    problemOf: (name) => (name === 'n' ? undefined : `cell ${name}: no value`),
  };
  const read = withNullWords(record, new Set(['n/a']));
  expect(read.names.map((name) => [read.get(name), read.problemOf?.(name)])).toEqual([
    [null, undefined],
    ['text', 'cell b: no value'],
    [7, undefined],
  ]);
});
