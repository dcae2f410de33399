import { begunBetween, chance, digits, HOUR_MS, MINUTE_MS, pick } from '../made-up.ts';
import type { ReplayFeed } from '../replay-feed.ts';

type Place = readonly [name: string, latitude: number, longitude: number, net: string];

const places: readonly Place[] = [
  ['8 km NW of The Geysers, CA', 38.83, -122.81, 'nc'],
  ['11 km S of Idyllwild, CA', 33.64, -116.71, 'ci'],
  ['36 km WNW of Valdez, Alaska', 61.22, -146.95, 'ak'],
  ['90 km SSE of Hihifo, Tonga', -16.7, -173.4, 'us'],
  ['24 km E of Noto, Japan', 37.5, 137.5, 'us'],
];

const EVERY_MS = 15 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** By then someone has looked at it: its magnitude is another one. */
const REVIEWED_AFTER_MS = 20 * MINUTE_MS;
/** By then networks have found that theirs is the same event: it is listed under the id of the other one. */
const MERGED_AFTER_MS = 35 * MINUTE_MS;

/** An earthquake every quarter of an hour, reviewed later, listed for a day; some under another id from then on. */
export const usEarthquakes: ReplayFeed = {
  files: ['earthquake.usgs.gov/earthquakes/feed/v1.0/summary/all_day.geojson'],
  contentType: 'application/json; charset=utf-8',
  madeEveryMs: MINUTE_MS,
  bodyAt(madeAt) {
    const numbers = begunBetween(madeAt - DAY_MS, madeAt, EVERY_MS).toReversed();
    return JSON.stringify({
      type: 'FeatureCollection',
      metadata: {
        generated: madeAt,
        url: 'https://earthquake.usgs.gov/earthquakes/feed/v1.0/summary/all_day.geojson',
        title: 'USGS All Earthquakes, Past Day',
        status: 200,
        api: '1.14.1',
        count: numbers.length,
      },
      features: numbers.map((number) => quakeOf(number, madeAt)),
    });
  },
  troubles: [{ minutes: [12, 18], kind: { name: 'slow', seconds: 20 } }],
};

function quakeOf(number: number, madeAt: number): object {
  const time = number * EVERY_MS;
  const [place, latitude, longitude, net] = pick(places, 'place', number);
  const isReviewed = madeAt >= time + REVIEWED_AFTER_MS;
  const isMerged = number % 4 === 0 && madeAt >= time + MERGED_AFTER_MS;
  const code = digits(8, 'quake', number);
  const ids = isMerged ? [`at00${code}`, `${net}${code}`] : [`${net}${code}`];
  const [id = ''] = ids;
  const mag = magnitudeOf(number, isReviewed);
  return {
    type: 'Feature',
    properties: {
      mag,
      place,
      time,
      updated: isMerged ? time + MERGED_AFTER_MS : isReviewed ? time + REVIEWED_AFTER_MS : time + MINUTE_MS,
      tz: null,
      url: `https://earthquake.usgs.gov/earthquakes/eventpage/${id}`,
      felt: mag !== null && mag > 4 ? 12 : null,
      cdi: null,
      mmi: null,
      alert: mag !== null && mag > 5 ? 'green' : null,
      status: isReviewed ? 'reviewed' : 'automatic',
      tsunami: 0,
      sig: Math.round((mag ?? 0) ** 2 * 15),
      net: isMerged ? 'at' : net,
      code: id.slice(2),
      ids: `,${ids.join()},`,
      sources: isMerged ? `,at,${net},` : `,${net},`,
      magType: 'ml',
      type: 'earthquake',
      title: `M ${mag === null ? '?' : mag.toFixed(1)} - ${place}`,
    },
    geometry: { type: 'Point', coordinates: [longitude, latitude, Math.round(chance('depth', number) * 300) / 10] },
    id,
  };
}

/** Small ones are many. Null for some until they are reviewed. */
function magnitudeOf(number: number, isReviewed: boolean): number | null {
  if (!isReviewed && number % 5 === 0) return null;
  const magnitude = 1 + 5 * chance('magnitude', number) ** 3 + (isReviewed ? 0.1 : 0);
  return Math.round(magnitude * 10) / 10;
}
