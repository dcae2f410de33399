/* How Caltrans writes its files: every value as text, times as they are in California, made by a template. */

export const NOT_REPORTED = 'Not Reported';

const california = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'America/Los_Angeles',
  dateStyle: 'short',
  timeStyle: 'medium',
});

/** `https://cwwp2.dot.ca.gov/data/d3/cc/ccStatusD03.json`, without the scheme. */
export function fileOf(feed: string, district: number): string {
  const padded = String(district).padStart(2, '0');
  return `cwwp2.dot.ca.gov/data/d${district}/${feed}/${feed}StatusD${padded}.json`;
}

export function districtOf(file: string): number {
  return Number(/\/d(\d+)\//.exec(file)?.[1]);
}

/** `2026-11-22` and `13:05:00`; two empty texts where there is no instant. */
export function localTime(instant: number | null): readonly [date: string, time: string] {
  if (instant === null) return ['', ''];
  const [date = '', time = ''] = california.format(instant).split(' ');
  return [date, time];
}

/** `{<name>Date, <name>Time, <name>Epoch}` */
export function stampOf(name: string, instant: number | null): Record<string, string> {
  const [date, time] = localTime(instant);
  const epoch = instant === null ? '' : String(Math.floor(instant / 1000));
  return { [`${name}Date`]: date, [`${name}Time`]: time, [`${name}Epoch`]: epoch };
}

/** Tabs, and slashes that are escaped although they need not be. */
export function caltransJson(feed: string, rows: readonly object[]): string {
  const data = rows.map((row) => ({ [feed]: row }));
  return `${JSON.stringify({ data }, null, '\t').replaceAll('/', '\\/')}\n`;
}
