import { expect, test } from '@jest/globals';
import { doneMessages } from '../../../../local/engine/events/batch-response.ts';
import { failure } from '../../../../local/engine/functions/outcome.ts';

const batch = [{ MessageId: 'one' }, { MessageId: 'two' }];
const idsDone = (payload: unknown, partialResponses = true) =>
  doneMessages(batch, { kind: 'returned', payload }, partialResponses).map(({ MessageId }) => MessageId);
const named = (...ids: unknown[]) => ({ batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) });

test.each([[null], ['done'], [{}], [{ batchItemFailures: null }], [{ batchItemFailures: [] }]])(
  'all is done by an answer of %j',
  (payload) => {
    expect(idsDone(payload)).toEqual(['one', 'two']);
  },
);

test('what is named as failed is not done', () => {
  expect(idsDone(named('two'))).toEqual(['one']);
  expect(idsDone(named('two', 'one'))).toEqual([]);
});

test.each([
  [named('three')],
  [named('two', '')],
  [named(null)],
  [named(2)],
  [{ batchItemFailures: 'two' }],
  [{ batchItemFailures: [{ itemIdentifer: 'two' }] }],
])('nothing is done by an answer that names no message: %j', (payload) => {
  expect(idsDone(payload)).toEqual([]);
});

test('without partial responses an answer is not looked at', () => {
  expect(idsDone(named('two'), false)).toEqual(['one', 'two']);
});

test.each([true, false])('nothing is done by a function that failed; partial responses: %j', (partialResponses) => {
  expect(doneMessages(batch, failure('threw', 'Error', 'no'), partialResponses)).toEqual([]);
});
