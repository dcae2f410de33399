import { expect, test } from '@jest/globals';
import { matchesPattern } from '../../../../local/engine/events/event-pattern.ts';

const event = { source: 'aws.states', detail: { status: 'FAILED', names: ['a', 'b'], count: 1, none: null } };

test.each([
  ['one of the values', { source: ['x', 'aws.states'] }, true],
  ['a nested value', { detail: { status: ['FAILED'] } }, true],
  ['one item of an array', { detail: { names: ['b'] } }, true],
  ['null where there is null', { detail: { none: [null] } }, true],
  ['every field, and one differs', { source: ['aws.states'], detail: { status: ['ABORTED'] } }, false],
  ['a field that is not there', { detail: { other: ['x'] } }, false],
  ['a field of a field that is no object', { source: { deeper: ['x'] } }, false],
  ['a number only as a number', { detail: { count: ['1'] } }, false],
  ['a field of every object', { toString: ['x'] }, false],
])('a pattern matches %s', (_, pattern, expected) => {
  expect(matchesPattern(pattern, event)).toBe(expected);
});
