import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type JsonValue, parseJson } from '../../../lambdas/domain/json.ts';
import { compileMapping } from '../../../lambdas/domain/mapping/compile-mapping.ts';
import type { FieldMapping, MappingConfig, NumberStyle } from '../../../lambdas/domain/mapping/mapping-config.ts';
import type { Fields } from '../../../lambdas/domain/source.ts';

/** A record as an API gives it, with whatever fields it has. */
function recordOf(text: string): Fields {
  const value = parseJson(text) as { readonly [name: string]: JsonValue };
  return { names: Object.keys(value), get: (name) => (Object.hasOwn(value, name) ? value[name] : undefined) };
}

function map(config: MappingConfig, text: string, numberStyle: NumberStyle = {}): string {
  const point = compileMapping(config, { names: null, numberStyle, wrapperId: 'w-1', version: 'v1' })(
    recordOf(text),
    1,
  );
  return 'rejected' in point ? point.rejected : (/"data":\{(.*)\}\}$/.exec(point.json)?.[1] ?? '');
}

const one = (field: FieldMapping, text: string, style?: NumberStyle) =>
  map({ fields: [{ to: 'x', ...field }] }, text, style);

describe('records with fields of their own', () => {
  test('come whole without a mapping, number for number', () => {
    const text = '"id":12345678901234567890,"a":{"b":[1.50,0.1234567890123456789]},"__proto__":null';
    expect(map({}, `{${text}}`)).toBe(text.replace('1.50', '1.5'));
  });

  test('are read by path, and by exact name before that', () => {
    const text = '{"a":{"b":[{"c":1}]},"a.b":2}';
    expect(one({ from: 'a.b[0].c', type: 'json' }, text)).toBe('"x":1');
    expect(one({ from: 'a.b', type: 'json' }, text)).toBe('"x":2');
    expect(one({ from: 'a', type: 'json' }, text)).toBe('"x":{"b":[{"c":1}]}');
  });

  test('give null where a path leads nowhere', () => {
    expect(map({ fields: [{ from: 'a.z' }, { from: 'z[1]' }] }, '{"a":{"b":1}}')).toBe('"a.z":null,"z[1]":null');
  });

  test('don’t fit when a part of their key leads nowhere', () => {
    expect(map({ key: ['user.id'] }, '{"user":{}}')).toBe('field "user.id" is part of the key and has no value');
  });

  test('have a time at a path', () => {
    const config = { timestamp: { from: 'meta.at', format: 'epoch_s' } };
    const made = compileMapping(config, { names: null, numberStyle: {}, wrapperId: 'w', version: 'v' });
    expect(made(recordOf('{"meta":{"at":1772534122}}'), 1)).toMatchObject({
      json: expect.stringContaining('"timestamp":"2026-03-03T10:35:22Z"'),
    });
  });

  test('have the format and the zone of their time in every field that is read from it', () => {
    const timestamp = { from: 'at', format: 'dd.MM.yyyy HH:mm', zone: 'America/Los_Angeles' };
    const fields: FieldMapping[] = [
      { from: 'at', type: 'timestamp' },
      { from: 'at', to: 'day', match: '^[^ ]+', type: 'timestamp', format: 'dd.MM.yyyy' },
      { from: 'other', type: 'timestamp' },
    ];
    expect(map({ fields, timestamp }, '{"at":"03.03.2026 10:30","other":"2026-03-03"}')).toBe(
      '"at":"2026-03-03T18:30:00Z","day":"2026-03-03T00:00:00Z","other":"2026-03-03T00:00:00Z"',
    );
  });

  test('with keys that differ beyond 2^53 are different points', () => {
    const made = compileMapping({ key: ['id'] }, { names: null, numberStyle: {}, wrapperId: 'w', version: 'v' });
    const ids = ['12345678901234567890', '12345678901234567891'].map((id) => made(recordOf(`{"id":${id}}`), 1));
    expect(ids[0]).not.toEqual({ ...ids[1], json: expect.anything() });
    expect((ids[0] as { id: string }).id).not.toBe((ids[1] as { id: string }).id);
  });

  test('refuse what is no path', () => {
    expect(() => one({ from: 'a[' }, '{}')).toThrow(
      'Invalid wrapper configuration: mapping.fields[0].from: "a[" is not a path such as owner.login',
    );
  });
});

describe('numbers', () => {
  test.each<[FieldMapping, string, string]>([
    [{ from: 'n', type: 'integer' }, '12345678901234567890', '12345678901234567890'],
    [{ from: 'n', type: 'number' }, '0.1234567890123456789', '0.1234567890123456789'],
    [{ from: 'n', type: 'string' }, '12345678901234567890', '"12345678901234567890"'],
    [{ from: 'n', type: 'json' }, '12345678901234567890', '12345678901234567890'],
    [{ from: 'n', type: 'integer' }, '"12345678901234567890"', '12345678901234567890'],
    [{ from: 'n', type: 'number' }, '1e21', '1e+21'],
  ])('%j of %s is %s', (field, value, expected) => {
    expect(one(field, `{"n":${value}}`)).toBe(`"x":${expected}`);
  });

  test('beyond what JSON readers hold don’t fit', () => {
    expect(one({ from: 'n', type: 'number' }, '{"n":1e999}')).toBe('field "n": "1e999" is not a number');
  });

  test('that are no text are read as JSON, whatever marks the text of the source has', () => {
    const style = { decimal: ',', thousands: '.' };
    expect(one({ from: 'n', type: 'number' }, '{"n":1234.567}', style)).toBe('"x":1234.567');
    expect(one({ from: 'n', type: 'number' }, '{"n":"1.234,567"}', style)).toBe('"x":1234.567');
  });
});

describe('a constant', () => {
  test.each<[FieldMapping, string]>([
    [{ value: 1 }, '1'],
    [{ value: null }, 'null'],
    [{ value: { a: ['b'] } }, '{"a":["b"]}'],
    [{ value: '12345678901234567890', type: 'integer' }, '12345678901234567890'],
    [{ value: '3 Mar 2026', type: 'timestamp', format: 'd MMM yyyy' }, '"2026-03-03T00:00:00Z"'],
  ])('%j', (field, expected) => {
    expect(one(field, '{}')).toBe(`"x":${expected}`);
  });
});

describe('a template', () => {
  const record = '{"station":{"name":"tahoe"},"at":"2026-03-03T10:35:22Z","level":7,"none":null}';

  test.each<[FieldMapping, string]>([
    [{ template: '{station.name|upper}-{at|date}' }, '"TAHOE-2026-03-03"'],
    [{ template: '{level|pad(3)}1', type: 'integer' }, '71'],
    [{ template: '{station.name}{none}' }, 'null'],
    [{ template: '{station.name}{none|default("")}' }, '"tahoe"'],
    [{ template: '{at|date} 12:00', type: 'timestamp', zone: 'America/Los_Angeles' }, '"2026-03-03T20:00:00Z"'],
    [{ template: 'a "quoted"\\' }, '"a \\"quoted\\"\\\\"'],
  ])('%j', (field, expected) => {
    expect(one(field, record)).toBe(`"x":${expected}`);
  });

  test('reads the field of the timestamp as the timestamp does, and all others as ISO', () => {
    const config: MappingConfig = {
      fields: [{ to: 'x', template: '{at|date}{other|default("")}' }],
      timestamp: { from: 'at', format: 'dd.MM.yyyy HH:mm', zone: 'America/Los_Angeles' },
    };
    expect(map(config, '{"at":"03.03.2026 23:00"}')).toBe('"x":"2026-03-04"');
    expect(one({ template: '{at|date}' }, '{"at":"03.03.2026 23:00"}')).toBe(
      'field "at": "03.03.2026 23:00" is not a time',
    );
  });

  test('of which the result is not of its type names the new field', () => {
    expect(one({ template: '{station.name}', type: 'number' }, record)).toBe('field "x": "tahoe" is not a number');
  });
});

describe('match', () => {
  test.each<[string, string, string]>([
    ['^(\\d+) km', '"12 km"', '"12"'],
    ['\\d+', '"about 12 km"', '"12"'],
    ['^(?:a|(b))', '"a"', 'null'],
    ['(?i)KM$', '"12 km"', '"km"'],
    ['(\\d)$', '1234', '"4"'],
    ['x', 'null', 'null'],
  ])('%s of %s is %s', (match, value, expected) => {
    expect(one({ from: 'v', match }, `{"v":${value}}`)).toBe(`"x":${expected}`);
  });

  test('types what it takes', () => {
    expect(one({ from: 'v', match: '^(\\d+) km', type: 'integer' }, '{"v":"12 km"}')).toBe('"x":12');
  });

  test('a text that is too long to match does not fit', () => {
    const began = performance.now();
    const long = (length: number) => one({ from: 'v', match: '(?:\\pL?){240}(\\d)' }, `{"v":"${'a'.repeat(length)}1"}`);
    expect(long(65_535)).toBe('"x":"1"');
    expect(long(900_000)).toMatch(/^field "v": "a{100}…" is too long to match, 900001 characters$/);
    expect(performance.now() - began).toBeLessThan(30_000);
  });

  test('without a match, the record does not fit', () => {
    expect(one({ from: 'v', match: '^\\d+$' }, '{"v":"km"}')).toBe('field "v": "km" does not match ^\\d+$');
  });

  test('takes time linear to the text, whatever the pattern', () => {
    const began = performance.now();
    one({ from: 'v', match: '^(a+)+$' }, `{"v":"${'a'.repeat(20_000)}!"}`);
    expect(performance.now() - began).toBeLessThan(2000);
  });
});

test('whatever a record holds, it becomes a point of valid JSON or is refused by the field that does not fit', () => {
  const types = ['string', 'number', 'integer', 'boolean', 'timestamp', 'json'] as const;
  const fields: FieldMapping[] = [
    ...types.map((type) => ({ from: 'v', to: type, type })),
    { from: 'v.a[0]', to: '__proto__' },
    { to: 'text', template: '{v|default(none)|substring(1, 3)|pad(5, 👍)}' },
    { from: 'v', to: 'part', match: '(.*)' },
  ];
  // One field at a time, so that one that does not fit hides none of the others.
  const mappers = fields.map((field) =>
    compileMapping({ fields: [field], key: ['k'] }, { names: null, numberStyle: {}, wrapperId: 'w', version: 'v' }),
  );
  const value: fc.Arbitrary<JsonValue> = fc.oneof(
    fc.jsonValue() as fc.Arbitrary<JsonValue>,
    fc.string({ unit: 'binary' }),
    fc.constantFrom('1', 'yes', '2026-03-03', null),
  );
  fc.assert(
    fc.property(value, (v) => {
      const record: Fields = { names: ['v', 'k'], get: (name) => (name === 'k' ? 1 : name === 'v' ? v : undefined) };
      for (const mapper of mappers) {
        const point = mapper(record, 1);
        if ('rejected' in point) expect(point.rejected).toMatch(/^field "v": /);
        else expect(Object.keys(JSON.parse(point.json).data)).toHaveLength(1);
      }
    }),
    { numRuns: 500 },
  );
});
