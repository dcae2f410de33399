import { expect, test } from '@jest/globals';
import { TextSet } from '../../../local/sink/text-set.ts';

test('knows what it holds, also after it has grown many times', () => {
  const set = new TextSet();
  const texts = Array.from({ length: 50_000 }, (_, n) => `row ${n}`);
  expect(texts.filter((text) => set.add(text))).toHaveLength(50_000);
  expect(texts.filter((text) => set.add(text))).toHaveLength(0);
  expect(set.size).toBe(50_000);
});

test('tells apart texts that differ a little', () => {
  const set = new TextSet();
  const similar = ['', '\0', '\0\0', 'a', 'b', 'ab', 'ba', 'a\n', 'ä', '\u{1F600}', '\u{1F601}', '1.0', '1.00', '01.0'];
  expect(similar.map((text) => set.add(text))).toEqual(similar.map(() => true));
});
