import type { Adapter } from '../domain/feeds/adapter.ts';
import { coWorkZones } from './co-work-zones.ts';
import { usEarthquakes } from './us-earthquakes.ts';
import { usWeatherAlerts } from './us-weather-alerts.ts';

/** The feeds that are polled, in the order in which they are listed. */
export const adapters: readonly Adapter[] = [coWorkZones, usWeatherAlerts, usEarthquakes];
