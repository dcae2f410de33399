import type { Adapter } from '../domain/feeds/adapter.ts';
import type { RecordSeverity, RecordStatus } from '../domain/feeds/feed-record.ts';
import { districtParts, indexOf, readCaltransFile, recordsOf } from './caltrans-file.ts';
import { endsOf, placeName, placeOf, positionOf } from './caltrans-place.ts';
import { flagOf, instantOf, type Members, textOf } from './caltrans-values.ts';
import { isoOf } from './instants.ts';
import { membersOf } from './members-of.ts';
import { refuseMostlyUnknown } from './refuse-mostly-unknown.ts';

/** Those with roads that are ever under control; the others have no such file. */
const DISTRICTS = [1, 2, 3, 6, 7, 8, 9, 10, 11];

type Level = { readonly status: RecordStatus; readonly severity: RecordSeverity; readonly title: string };

const levels: Readonly<Record<string, Level>> = {
  0: { status: 'inactive', severity: 'none', title: 'no chain controls' },
  1: { status: 'active', severity: 'minor', title: 'chain controls R-1' },
  2: { status: 'active', severity: 'moderate', title: 'chain controls R-2' },
  3: { status: 'active', severity: 'severe', title: 'chain controls R-3' },
};
const unknown: Level = { status: 'unknown', severity: 'unknown', title: 'chain controls unknown' };

/** Chain controls in California: every checkpoint there is, with what is required at it just now. */
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
    refuseMostlyUnknown(rows.filter((row) => levelOf(row) === undefined).length, rows.length);
    return { records: recordsOf(rows.map(readCheckpoint), part), publishedAt };
  },
};

function readCheckpoint(row: Members) {
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
    index: indexOf(row),
    title: `${placeName(place, place.direction)}: ${level.title}`,
    status: level.status,
    severity: level.severity,
    geometry: endsOf(positionOf(location.latitude, location.longitude), null),
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
  return digit === undefined ? undefined : levels[digit];
}
