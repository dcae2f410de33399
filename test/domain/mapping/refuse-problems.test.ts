import { expect, test } from '@jest/globals';
import { compileMapping } from '../../../lambdas/domain/mapping/compile-mapping.ts';
import type { MappingConfig } from '../../../lambdas/domain/mapping/mapping-config.ts';
import type { Fields } from '../../../lambdas/domain/source.ts';

const context = { names: ['id', 'share'], numberStyle: {}, wrapperId: 'w', version: 'v1' };
const record: Fields = {
  names: context.names,
  get: (name) => (name === 'id' ? 7 : '#DIV/0!'),
  problemOf: (name) => (name === 'share' ? 'cell B7: #DIV/0!' : undefined),
};

test.each<[string, MappingConfig]>([
  ['no mapping, which takes every field', {}],
  ['a field', { fields: [{ from: 'share', type: 'string' }] }],
  ['the timestamp', { fields: [{ from: 'id', type: 'integer' }], timestamp: { from: 'share', format: 'iso' } }],
  ['the key', { fields: [{ from: 'id', type: 'integer' }], key: ['share'] }],
])('a record with an unusable value does not fit %s', (_, mapping) => {
  expect(compileMapping(mapping, context)(record, 7)).toEqual({ rejected: 'cell B7: #DIV/0!' });
});

test('a mapping that does not use the value takes the record', () => {
  const map = compileMapping({ fields: [{ from: 'id', type: 'integer' }], key: ['id'] }, context);
  expect(map(record, 7)).toMatchObject({ json: expect.stringContaining('"data":{"id":7}') });
});
