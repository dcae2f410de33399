import type { Adapter } from '../domain/feeds/adapter.ts';
import { caChainControls } from './ca-chain-controls.ts';
import { caLaneClosures } from './ca-lane-closures.ts';
import { coWorkZones } from './co-work-zones.ts';
import { usEarthquakes } from './us-earthquakes.ts';
import { usWeatherAlerts } from './us-weather-alerts.ts';
import { waMountainPasses } from './wa-mountain-passes.ts';

/** The feeds that are polled, in the order in which they are listed. */
export const adapters: readonly Adapter[] = [
  caChainControls,
  caLaneClosures,
  waMountainPasses,
  coWorkZones,
  usWeatherAlerts,
  usEarthquakes,
];
