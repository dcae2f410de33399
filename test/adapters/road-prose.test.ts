import { expect, test } from '@jest/globals';
import { readRoadProse } from '../../lambdas/adapters/road-prose.ts';

test.each([
  ['Pass Closed', 'severe'],
  ['Road closed to all traffic', 'severe'],
  ['SR 410 is closed for the season due to high avalanche risk', 'severe'],
  ['Closed until further notice, chains required after', 'severe'],
  ['Full closure between mileposts 134 and 171', 'severe'],
  ['Pass closed no detour required', 'severe'],
  ['Not closed yesterday. Closed now', 'severe'],
  ['Travel is not recommended', 'severe'],
  ['All lanes closed', 'severe'],
  ['Both northbound lanes are closed', 'severe'],
  ['Road and shoulder closed', 'severe'],
  ['Left lane is currently closed', 'moderate'],
  ['Expect lane closures', 'moderate'],
  ['Closed to vehicles over 10,000 lbs', 'moderate'],
  ['Chains in effect', 'moderate'],
  ['Required: chains on all vehicles', 'moderate'],
  ['Rest area closed but chains required', 'moderate'],
  ['Viewpoint remains closed', 'minor'],
  ['Pass will be closed at 5 p.m', 'minor'],
  ['No chains required, oversize vehicles prohibited', 'minor'],
  ['Traction tires advised', 'minor'],
])('"%s" is %s', (text, severity) => {
  expect(readRoadProse(text)?.severity).toBe(severity);
});

test.each([
  '',
  'Bare and wet',
  'Not closed',
  'The pass is no longer closed.',
  "The road isn't closed",
  'No closures',
  'No road closures',
  'No lanes closed',
  'Chains not required',
  'Chains are not currently required',
  'Open',
])('"%s" says nothing that is understood', (text) => {
  expect(readRoadProse(text)).toBeNull();
});

test('its gravest clause is the one that is told, as it was written', () => {
  const text = 'Snowing. Chains are required; US 2 is CLOSED at milepost 57.5, for avalanche control.';
  expect(readRoadProse(text)).toEqual({ clause: 'US 2 is CLOSED at milepost 57.5', severity: 'severe' });
});

test('no text is so odd that it takes long', () => {
  const begun = performance.now();
  for (const word of ['chains ', 'no a ', 'all lanes ', 'closed is ', ' ', ', ']) readRoadProse(word.repeat(200_000));
  expect(performance.now() - begun).toBeLessThan(5000);
});
