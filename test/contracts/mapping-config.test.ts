import { describe, expect, test } from '@jest/globals';
import { MappingConfig } from '../../lambdas/contracts/mapping-config.ts';

function problems(mapping: unknown): string[] {
  const parsed = MappingConfig.safeParse(mapping);
  return parsed.success ? [] : parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
}

describe('a mapping', () => {
  test('has text by default, and constants as they are', () => {
    const fields = [{ from: 'a' }, { to: 'b', value: null }, { to: 'c', template: '{a}' }, { from: 'd', type: 'json' }];
    expect(MappingConfig.parse({ fields }).fields?.map(({ type }) => type)).toEqual([
      'string',
      'json',
      'string',
      'json',
    ]);
  });

  test('stays the same however often it is stored and read', () => {
    const mapping = MappingConfig.parse({
      fields: [
        { to: 'kind', value: { a: 1 } },
        { to: 'code', template: '{a|upper}' },
        { from: 'a', match: '(.)' },
      ],
      timestamp: { from: 'at' },
    });
    expect(MappingConfig.parse(JSON.parse(JSON.stringify(mapping)))).toEqual(mapping);
  });

  test('with problems that its shape shows is told all of them', () => {
    const fields = [
      { to: 'x' },
      { from: 'a', value: 1 },
      { value: 1 },
      { template: '{a|eval}', to: 'y' },
      { value: 1, match: 'x', to: 'z' },
      { from: 'b', to: 'z' },
      { from: 'c', type: 'timestamp', format: 'dd.MM' },
      { from: 'd', expression: '1 + 1' },
      { value: 2 ** 60, to: 'big' },
      { from: 'e', match: '(?:\\pL?){1000}' },
      { from: 'f', match: '(' },
    ];
    expect(problems({ fields, timestamp: { from: 'at', format: 'yy' } })).toEqual([
      'fields.0: needs exactly one of from, value and template',
      'fields.1: needs exactly one of from, value and template',
      'fields.2.to: is required without from',
      expect.stringMatching(/^fields\.3\.template: no function "eval" \(functions: upper, /),
      'fields.4.match: goes with from only',
      'fields.6.format: has no part for the year',
      'fields.7: Unrecognized key: "expression"',
      'fields.8.value: is beyond 2^53: give it as text, and a type',
      'fields.9.match: takes more than 500 steps: repeat less in {…}',
      'fields.10.match: error parsing regexp: missing closing ): `(`',
      'fields.5.to: "z" is already mapping.fields[4]',
      'timestamp.format: has no part for the month',
    ]);
  });

  test('has zones that there are, and formats and zones with times only', () => {
    const fields = [
      { from: 'a', type: 'timestamp', zone: 'Europe/Berln' },
      { from: 'b', zone: 'Europe/Berlin' },
      { from: 'c', type: 'number', format: 'iso' },
    ];
    expect(problems({ fields, timestamp: { from: 'at', zone: 'Mars' } })).toEqual([
      'fields.0.zone: "Europe/Berln" is not a time zone such as Europe/Berlin',
      'fields.1.zone: goes with the type timestamp only',
      'fields.2.format: goes with the type timestamp only',
      'timestamp.zone: "Mars" is not a time zone such as Europe/Berlin',
    ]);
  });

  test('reads a column that is its timestamp in one way only', () => {
    const timestamp = { from: 'at', format: 'dd.MM.yyyy', zone: 'Europe/Berlin' };
    const time = { from: 'at', type: 'timestamp' };
    expect(problems({ fields: [time, { ...time, to: 'b', ...timestamp }], timestamp })).toEqual([]);
    expect(problems({ fields: [{ ...time, zone: 'UTC', format: 'iso' }], timestamp })).toEqual([
      'fields.0.format: contradicts mapping.timestamp.format of the same column, which is "dd.MM.yyyy"',
      'fields.0.zone: contradicts mapping.timestamp.zone of the same column, which is "Europe/Berlin"',
    ]);
    expect(problems({ fields: [{ ...time, zone: 'UTC' }], timestamp: { from: 'at' } })).toEqual([
      'fields.0.zone: contradicts mapping.timestamp.zone of the same column, which gives none',
    ]);
    expect(problems({ fields: [{ ...time, match: '(.*)', format: 'iso' }], timestamp })).toEqual([]);
  });

  test('names each field of the data point once', () => {
    expect(problems({ fields: [{ from: 'a' }, { value: 1, to: 'a' }] })).toEqual([
      'fields.1.to: "a" is already mapping.fields[0]',
    ]);
  });
});
