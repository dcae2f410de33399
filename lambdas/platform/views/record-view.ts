import type { FeedRecord } from '../../domain/feeds/feed-record.ts';
import { isoSeconds } from '../api/responses.ts';

/** A record as the API shows it. */
export function recordView(record: FeedRecord) {
  return {
    record_id: record.recordId,
    adapter_id: record.adapterId,
    jurisdiction: record.jurisdiction,
    feed_type: record.feedType,
    title: record.title,
    status: record.status,
    severity: record.severity,
    geometry: record.geometry,
    starts_at: isoSeconds(record.startsAt),
    ends_at: isoSeconds(record.endsAt),
    updated_at: isoSeconds(record.updatedAt),
    properties: record.properties,
  };
}
