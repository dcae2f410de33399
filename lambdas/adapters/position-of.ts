/** Longitude before latitude, as GeoJSON has it; null where they are nowhere on Earth, or at 0, 0, which means nowhere. */
export function positionOf(latitude: number | null, longitude: number | null): readonly [number, number] | null {
  if (latitude === null || longitude === null || (latitude === 0 && longitude === 0)) return null;
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? [longitude, latitude] : null;
}
