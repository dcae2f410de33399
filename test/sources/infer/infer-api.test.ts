import { expect, test } from '@jest/globals';
import { MappingConfig } from '../../../lambdas/contracts/mapping-config.ts';
import { fieldReader } from '../../../lambdas/domain/mapping/field-reader.ts';
import { ApiSourceConfig } from '../../../lambdas/sources/api/config.ts';
import { recordFields } from '../../../lambdas/sources/api/record-fields.ts';
import { inferApi } from '../../../lambdas/sources/infer/infer-api.ts';

const URL_OF_ALL = 'https://api.example/items';
const TIME = '2026-03-03T10:35:22Z';

async function infer(text: string) {
  const answer = { status: 200, url: URL_OF_ALL, headers: {}, text, complete: true, isUtf8: true };
  const exchange = async () => ({ unanswered: 'Connection refused', mendable: true });
  const { source, mapping } = await inferApi(URL_OF_ALL, answer, exchange, 4, new AbortController().signal);
  return { source: ApiSourceConfig.parse(source), mapping: MappingConfig.parse(mapping) };
}

test.each(['time[utc]', 'created..at', 'time.', 'time"', 'time\\', 'updated at', 'user[id] time', '[time]'])(
  'a field that is called %j is proposed by a path that leads to it',
  async (name) => {
    const records = Array.from({ length: 60 }, (_, index) => ({ [name]: TIME, 'user[id': `u${index}` }));
    const { mapping } = await infer(JSON.stringify({ data: records }));
    const readAll = [mapping.timestamp?.from, ...(mapping.key ?? [])].map((from) =>
      fieldReader(String(from), null, 'mapping')(recordFields(records[0] ?? {})),
    );
    expect(readAll).toEqual([TIME, 'u0']);
  },
);

test.each([
  ['a number that no float holds', '{"total": 1e999, "page": 12345678901234567890, "data": [{"id": 1e999}]}'],
  ['an object for a count', '{"total": {"toString": 1}, "data": [{"id": {"toString": 1}}]}'],
  ['a name that is empty', '{"": [{"id": 1}, {"id": 2}], "data": [{"": 1}]}'],
  ['a time without a name', `{"data": [{"": "${TIME}"}, {"": "${TIME}"}]}`],
  ['names that are long', `{"${'n'.repeat(300)}": [{"id": 1}], "next_${'c'.repeat(300)}": "x", "total": 9}`],
  ['a time with a long name', `{"data": [{"${'t'.repeat(3000)}_time": "${TIME}"}]}`],
  ['a lone name that is long', `{"${'t'.repeat(3000)}_at": "${TIME}"}`],
])('whatever a body holds, a definition is proposed that can be created: %s', async (_, text) => {
  await expect(infer(text)).resolves.toMatchObject({ source: { type: 'API' } });
});
