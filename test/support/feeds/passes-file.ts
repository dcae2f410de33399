type Restriction = { readonly RestrictionText: string; readonly TravelDirection: string };

/** Members of a pass, as upstream names them. */
export type Pass = Readonly<Record<string, string | number | boolean | null | Restriction>>;

/** A file of mountain passes as upstream writes it; the last report of a pass is of 2026-01-15, 12:01:03 in California. */
export function passesFile(passes: readonly Pass[]): Uint8Array {
  return Buffer.from(JSON.stringify(passes.map((edits, at) => ({ ...pass, MountainPassId: at + 1, ...edits }))));
}

/** The two restrictions of a pass. */
export function restricted(eastbound: string, westbound: string = eastbound): Pass {
  return {
    RestrictionOne: { RestrictionText: eastbound, TravelDirection: 'Eastbound' },
    RestrictionTwo: { RestrictionText: westbound, TravelDirection: 'Westbound' },
  };
}

const pass: Pass = {
  MountainPassName: 'Snowy Pass  US 12',
  Latitude: 46.638333,
  Longitude: -121.39,
  DateUpdated: '/Date(1768507263000-0800)/',
  TemperatureInFahrenheit: 31,
  ElevationInFeet: 4500,
  WeatherCondition: '',
  RoadCondition: 'Compact snow and ice.',
  TravelAdvisoryActive: false,
  ...restricted('No restrictions'),
};
