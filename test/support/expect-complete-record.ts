import { expect } from '@jest/globals';
import type { JsonValue, ParsedRecord } from '../../lambdas/domain/feeds/adapter.ts';
import type { Geometry } from '../../lambdas/domain/feeds/feed-record.ts';

const STATUSES = ['active', 'inactive', 'scheduled', 'completed', 'cancelled', 'unknown'];
const SEVERITIES = ['none', 'minor', 'moderate', 'severe', 'extreme', 'unknown'];

/** All that can be told of a record without knowing its feed. */
export function expectCompleteRecord(record: ParsedRecord): void {
  const { title, status, severity, geometry, startsAt, endsAt, properties } = record;
  expect(title).toMatch(/^\S.*\S$/);
  expect(title).not.toMatch(/null|undefined|NaN|object Object/);
  expect(STATUSES).toContain(status);
  expect(SEVERITIES).toContain(severity);
  // Nothing is called harmless that is not known; what was taken back is.
  if (status === 'unknown') expect(severity).not.toBe('none');
  if (status === 'cancelled') expect(severity).toBe('none');
  for (const instant of [startsAt, endsAt]) expect(instant === null || Number.isSafeInteger(instant)).toBe(true);
  if (geometry !== null) expectGeoJson(geometry);
  expectPlainJson(properties);
}

function expectGeoJson({ type, coordinates }: Geometry): void {
  expect(['Point', 'MultiPoint', 'LineString', 'MultiLineString', 'Polygon', 'MultiPolygon']).toContain(type);
  const positions = positionsIn(coordinates);
  expect(positions.length).toBeGreaterThan(0);
  for (const [longitude, latitude] of positions) {
    expect(Math.abs(longitude ?? Number.NaN)).toBeLessThanOrEqual(180);
    expect(Math.abs(latitude ?? Number.NaN)).toBeLessThanOrEqual(90);
  }
}

function positionsIn(coordinates: JsonValue): number[][] {
  if (!Array.isArray(coordinates)) return [];
  const isPosition = coordinates.every((one) => typeof one === 'number');
  return isPosition ? [coordinates] : coordinates.flatMap((one) => positionsIn(one));
}

/** As it comes back from a store, with members in snake case. */
function expectPlainJson(properties: ParsedRecord['properties']): void {
  expect(JSON.parse(JSON.stringify(properties))).toEqual(properties);
  for (const name of Object.keys(properties)) expect(name).toMatch(/^[a-z0-9]+(_[a-z0-9]+)*$/);
}
