import { expect, test } from '@jest/globals';
import { startReplay } from '../../../local/replay/start-replay.ts';

const noon = Date.UTC(2026, 6, 1, 12);

test('answers by the clock that it is given, tells of what it does not have, and ends what is slow when it closes', async () => {
  const lines: string[] = [];
  let now = noon;
  const replay = await startReplay({ log: (line) => lines.push(line), now: () => now });
  const get = (path: string) => fetch(`${replay.url}${path}`);
  const alerts = '/api.weather.gov/alerts/active';
  expect((await get(alerts)).status).toBe(200);
  now += 5 * 60_000;
  expect((await get(alerts)).status).toBe(503);
  expect((await get('/example.com/feed?key=hidden')).status).toBe(404);
  expect(lines).toEqual(['replay: no feed has /example.com/feed']);
  now = noon + 12 * 60_000;
  const slow = get('/earthquake.usgs.gov/earthquakes/feed/v1.0/summary/all_day.geojson').then(
    ({ status }) => status,
    () => 'ended',
  );
  await get(alerts);
  await replay.close();
  expect(await slow).toBe('ended');
});
