import type { Adapter, FeedPart, ParsedRecord } from '../domain/feeds/adapter.ts';
import type { RecordSeverity, RecordStatus } from '../domain/feeds/feed-record.ts';
import { districtParts, readCaltransFile, recordIdOf } from './caltrans-file.ts';
import { endsOf, placeName, placeOf, writtenPosition } from './caltrans-place.ts';
import { flagOf, instantOf, textOf } from './caltrans-values.ts';
import { isoOf } from './instants.ts';
import { type Members, membersOf } from './members-of.ts';
import { readRows } from './read-rows.ts';

/** Those with roads that are ever under control; the others have no such file. */
const DISTRICTS = [1, 2, 3, 6, 7, 8, 9, 10, 11];

type Level = { readonly status: RecordStatus; readonly severity: RecordSeverity; readonly title: string };

/** */
const levels: readonly Level[] = [
  { status: 'inactive', severity: 'none', title: 'no chain controls' },
  { status: 'active', severity: 'minor', title: 'chain controls R-1' },
  { status: 'active', severity: 'moderate', title: 'chain controls R-2' },
  { status: 'active', severity: 'severe', title: 'chain controls R-3' },
];
const unknown: Level = { status: 'unknown', severity: 'unknown', title: 'chain controls unknown' };

/**
 * Chain controls in California: every checkpoint there is, with what is required at it just now
 * (https://cwwp2.dot.ca.gov/documentation/cc/cc.htm). A row of a district's file is `{"cc": {"index", "recordTimestamp",
 * "location", "inService", "statusData": {"status", "statusDescription", "statusTimestamp"}}}`.
 */
export const caChainControls: Adapter = {
  id: 'ca-chain-controls',
  jurisdiction: 'US-CA',
  feedType: 'chain-controls',
  // Upstream makes the files anew each minute.
  intervalSeconds: 120,
  deadlineSeconds: 60,
  maxFeedAgeSeconds: 3600,
  // All checkpoints are always listed, so that an empty list is no "all clear".
  mayBeEmpty: false,
  needsSecret: false,
  parts: () => districtParts('cc', DISTRICTS, 4_000_000),
  parse(body, part) {
    const { rows, publishedAt } = readCaltransFile('cc', body);
    const isOdd = (_: ParsedRecord, row: Members) => levelOf(row) === undefined;
    return { ...readRows(rows, (row) => readCheckpoint(row, part), isOdd), publishedAt };
  },
};

function readCheckpoint(row: Members, part: FeedPart): ParsedRecord | null {
  const recordId = recordIdOf(row, part);
  if (recordId === null) return null;
  const location = membersOf(row.location);
  const { statusTimestamp, status, statusDescription } = membersOf(row.statusData);
  const place = placeOf(location, '');
  const inService = flagOf(row.inService);
  const shown = levelOf(row);
  // What a checkpoint shows that is out of service says nothing; where that is not clear, it can't say "all clear".
  const isBelieved = inService ?? shown?.status === 'active';
  const level = isBelieved && shown !== undefined ? shown : unknown;
  const changedAt = instantOf('status', membersOf(statusTimestamp));
  return {
    recordId,
    title: `${placeName(place, place.direction)}: ${level.title}`,
    status: level.status,
    severity: level.severity,
    geometry: endsOf(writtenPosition(location.latitude, location.longitude), null),
    startsAt: level.status === 'active' ? changedAt : null,
    endsAt: null,
    properties: {
      ...place,
      in_service: inService,
      chain_control: textOf(status),
      description: textOf(statusDescription),
      status_changed_at: isoOf(changedAt),
    },
  };
}

/** Undefined where it is none of: districts have put a longitude there. */
function levelOf(row: Members): Level | undefined {
  const digit = /^R-?([0-3])$/i.exec(textOf(membersOf(row.statusData).status) ?? '')?.[1];
  return digit === undefined ? undefined : levels[Number(digit)];
}
