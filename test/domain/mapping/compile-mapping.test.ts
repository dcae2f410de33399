import { describe, expect, test } from '@jest/globals';
import type { JsonValue } from '../../../lambdas/domain/json.ts';
import { compileMapping } from '../../../lambdas/domain/mapping/compile-mapping.ts';
import type { MapRecord } from '../../../lambdas/domain/mapping/map-record.ts';
import type { MappingConfig } from '../../../lambdas/domain/mapping/mapping-config.ts';
import type { Fields } from '../../../lambdas/domain/source.ts';

const names = ['station', 'observed_at', 'Temp', 'open', 'note'];

function compile(
  config: MappingConfig,
  context: { version?: string; wrapperId?: string; names?: string[] } = {},
): MapRecord {
  return compileMapping(config, { names, numberStyle: {}, wrapperId: 'w-1', version: 'v1', ...context });
}

function record(...values: (JsonValue | undefined)[]): Fields {
  return { names, get: (name) => values[names.indexOf(name)] };
}

const tahoe = record('Tahoe', '2026-03-03T10:35:22Z', '-4.50', 'yes', null);

function json(map: MapRecord, fields: Fields, row = 2): string {
  const point = map(fields, row);
  return 'rejected' in point ? point.rejected : point.json;
}

const data = (map: MapRecord, fields: Fields) => JSON.parse(json(map, fields)).data;

describe('data', () => {
  test('is every column under its own name without a mapping, empty ones null', () => {
    const map = compile({});
    const { id } = map(tahoe, 2) as { id: string };
    expect(json(map, tahoe)).toBe(
      `{"id":"${id}","timestamp":null,"data":{"station":"Tahoe","observed_at":"2026-03-03T10:35:22Z","Temp":"-4.50","open":"yes","note":null}}`,
    );
  });

  test('has the mapped fields only, renamed, typed, in the order of the mapping', () => {
    const map = compile({
      fields: [
        { from: 'Temp', to: 'temperature', type: 'number' },
        { from: 'open', type: 'boolean' },
        { from: 'Temp', to: 'raw', type: 'string' },
        { from: 'observed_at', to: 'at', type: 'timestamp', zone: 'UTC' },
        { from: 'note', type: 'integer' },
      ],
    });
    expect(json(map, tahoe)).toContain(
      '"data":{"temperature":-4.50,"open":true,"raw":"-4.50","at":"2026-03-03T10:35:22Z","note":null}}',
    );
  });

  test('keeps values that are not text in their own type, and types them by what they look like', () => {
    expect(data(compile({}), record({ a: [1] }, 1, true))).toEqual({
      station: { a: [1] },
      observed_at: 1,
      Temp: true,
      open: null,
      note: null,
    });
    const map = compile({
      fields: [
        { from: 'Temp', type: 'number' },
        { from: 'open', type: 'string' },
      ],
    });
    expect(data(map, record('x', 'x', 5, 7))).toEqual({ Temp: 5, open: '7' });
  });

  test('holds names that objects inherit', () => {
    const map = compile({ fields: [{ from: 'Temp', to: '__proto__', type: 'number' }] });
    expect(json(map, tahoe)).toContain('"data":{"__proto__":-4.50}}');
  });

  test('is valid JSON whatever is in a text', () => {
    const text = 'a"b\\c\nd\u2028\u0000\ud800é';
    expect(data(compile({}), record(text)).station).toBe(text);
  });
});

describe('timestamp', () => {
  test('is in UTC', () => {
    const map = compile({ timestamp: { from: 'observed_at', format: 'dd.MM.yyyy HH:mm', zone: 'Europe/Berlin' } });
    expect(json(map, record('x', '03.07.2026 10:35'))).toContain('"timestamp":"2026-07-03T08:35:00Z","data"');
    expect(json(map, record('x', null))).toContain('"timestamp":null,"data"');
  });
});

describe('a record whose values don’t fit is rejected and names the field', () => {
  test.each([
    ['number', 'field "Temp": "abc" is not a number'],
    ['integer', 'field "Temp": "abc" is not an integer'],
    ['boolean', 'field "Temp": "abc" is not a boolean'],
    ['timestamp', 'field "Temp": "abc" is not a time'],
  ] as const)('%s', (type, rejected) => {
    const map = compile({ fields: [{ from: 'Temp', to: 'temperature', type }] });
    expect(map(record('x', 'x', 'abc'), 2)).toEqual({ rejected });
  });

  test('in the timestamp', () => {
    const map = compile({ timestamp: { from: 'observed_at', format: 'iso' } });
    expect(map(record('x', 'noon'), 2)).toEqual({ rejected: 'field "observed_at": "noon" is not a time' });
  });

  test('with a long value cut short', () => {
    const map = compile({ fields: [{ from: 'Temp', type: 'number' }] });
    const { rejected } = map(record('x', 'x', 'y'.repeat(5000)), 2) as { rejected: string };
    expect(rejected.length).toBeLessThan(150);
  });

  test('without a value for its key', () => {
    const map = compile({ key: ['station', 'note'] });
    expect(map(tahoe, 2)).toEqual({ rejected: 'field "note" is part of the key and has no value' });
  });
});

describe('id', () => {
  const id = (config: MappingConfig, fields: Fields, row = 2, context = {}) =>
    (compile(config, context)(fields, row) as { id: string }).id;
  const key = { key: ['station', 'Temp'] };

  test('is 128 bits, the same in every release: destinations know points by it', () => {
    expect(id(key, tahoe)).toBe('f0724aa48f509b754e109b123d518a10');
    expect(id({}, tahoe)).toBe('b26f8dce475ad170745623bb63131eff');
  });

  test('with a key, hangs on the wrapper and the key’s values only', () => {
    const same = record('Tahoe', 'another time', '-4.50');
    expect(id(key, same, 99, { version: 'v2' })).toBe(id(key, tahoe));
    expect(id({ ...key, fields: [{ from: 'Temp', type: 'number' }] }, same)).toBe(id(key, tahoe));
    expect(id(key, tahoe, 2, { wrapperId: 'w-2' })).not.toBe(id(key, tahoe));
    expect(id({ key: ['Temp', 'station'] }, tahoe)).not.toBe(id(key, tahoe));
  });

  test('keeps values apart that look alike when put together', () => {
    const ids = [
      ['a', 'b,c'],
      ['a,b', 'c'],
      ['a","b', 'c'],
      ['1', 2],
      [1, 2],
      ['', 'abc'],
    ].map(([one, two]) => id(key, record(one, 'x', two)));
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('without a key, hangs on the version of the source and the row', () => {
    expect(id({}, record('other'))).toBe(id({}, tahoe));
    expect(id({}, tahoe, 3)).not.toBe(id({}, tahoe, 2));
    expect(id({}, tahoe, 2, { version: 'v2' })).not.toBe(id({}, tahoe, 2));
  });
});

describe('a mapping that can’t work with the source is refused', () => {
  test.each<[MappingConfig, string]>([
    [
      {
        fields: [
          { from: 'Temp', type: 'string' },
          { from: 'Tmep', type: 'string' },
        ],
      },
      'mapping.fields[1].from: no column "Tmep" (columns: station, observed_at, Temp, open, note)',
    ],
    [{ timestamp: { from: 'at', format: 'iso' } }, 'mapping.timestamp.from: no column "at"'],
    [{ key: ['station', 'id'] }, 'mapping.key[1]: no column "id"'],
    [{ key: ['constructor'] }, 'mapping.key[0]: no column "constructor"'],
    [
      {
        fields: [
          { from: 'Temp', type: 'string' },
          { from: 'note', to: 'Temp', type: 'string' },
        ],
      },
      'mapping.fields[1].to: "Temp" is already mapping.fields[0]',
    ],
    [{ fields: [{ value: 1, type: 'string' }] }, 'mapping.fields[0].to: is required without from'],
    [{ fields: [{ to: 'x' }] }, 'mapping.fields[0]: needs exactly one of from, value and template'],
    [{ fields: [{ from: 'Temp', value: 1 }] }, 'mapping.fields[0]: needs exactly one of from, value and template'],
    [
      { fields: [{ to: 'x', template: '{station}{nope}' }] },
      'mapping.fields[0].template: no column "nope" (columns: station, observed_at, Temp, open, note)',
    ],
    [{ fields: [{ to: 'x', template: '{station|reverse}' }] }, 'mapping.fields[0].template: no function "reverse"'],
    [{ fields: [{ from: 'Temp', match: '(' }] }, 'mapping.fields[0].match: error parsing regexp'],
    [{ fields: [{ from: 'Temp', match: '(?=4)' }] }, 'mapping.fields[0].match: error parsing regexp'],
    [
      { fields: [{ from: 'Temp', match: '(?:\\pL?){1000}(\\d)' }] },
      'mapping.fields[0].match: takes more than 500 steps',
    ],
    [{ fields: [{ value: 1, to: 'x', match: '1' }] }, 'mapping.fields[0].match: goes with from only'],
    [{ fields: [{ value: 'one', to: 'x', type: 'integer' }] }, 'mapping.fields[0].value: "one" is not an integer'],
    [
      { fields: [{ from: 'Temp', type: 'number', format: 'iso' }] },
      'mapping.fields[0].format: only a timestamp has one, and the type is number',
    ],
  ])('%j', (config, message) => {
    expect(() => compile(config)).toThrow(
      expect.objectContaining({
        name: 'RunFailure',
        kind: 'refused',
        message: expect.stringContaining(`Invalid wrapper configuration: ${message}`),
      }),
    );
  });

  test('naming every column that is not there', () => {
    const config = {
      fields: [{ from: 'Tmep' }, { from: 'note' }],
      timestamp: { from: 'at', format: 'iso' },
      key: ['id'],
    };
    expect(() => compile(config)).toThrow(
      'mapping.fields[0].from: no column "Tmep"; mapping.timestamp.from: no column "at"; mapping.key[0]: no column "id" (columns: station, observed_at, Temp, open, note)',
    );
  });

  test('but not when the source is empty and has no columns at all', () => {
    expect(compile({ key: ['x'] }, { names: [] })).toBeInstanceOf(Function);
  });

  test('with the first columns only where there are many', () => {
    const many = Array.from({ length: 100 }, (_, index) => `c${index}`);
    expect(() => compile({ key: ['x'] }, { names: many })).toThrow(/c18, c19, … 80 more\)$/);
  });
});
