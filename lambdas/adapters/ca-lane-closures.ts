import type { Adapter, FeedPart, JsonValue, ParsedRecord } from '../domain/feeds/adapter.ts';
import type { RecordSeverity, RecordStatus } from '../domain/feeds/feed-record.ts';
import { districtParts, readCaltransFile, recordIdOf } from './caltrans-file.ts';
import { endsOf, placeName, placeOf, writtenPosition } from './caltrans-place.ts';
import { flagOf, instantOf, numberOf, textOf } from './caltrans-values.ts';
import { isoOf } from './instants.ts';
import { isOver } from './is-over.ts';
import { type Members, membersOf } from './members-of.ts';
import { readRows } from './read-rows.ts';

const DISTRICTS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
/** Los Angeles has 14 MB of them: room for twice as many. */
const MAX_BYTES = 32_000_000;
/** What has been closed for longer is no works any more, but how the road is. */
const STANDING_MS = 30 * 86_400_000;

/** By type of closure, in lower case. */
const severities: ReadonlyMap<string, RecordSeverity> = new Map([
  ['full', 'severe'],
  ['lane', 'moderate'],
  ['one-way traffic', 'moderate'],
  ['alternating lanes', 'moderate'],
  ['moving', 'minor'],
  ['traffic break', 'minor'],
]);

/**
 * Lane closures in California: a record for each window of time in which one is planned
 * (https://cwwp2.dot.ca.gov/documentation/lcs/lcs.htm). Whether it is in force is what the crew has radioed, as of when
 * the file was made. A row of a district's file is `{"lcs": {"index", "recordTimestamp", "location":
 * {"travelFlowDirection", "begin", "end"}, "closure": {"closureTimestamp", "typeOfClosure", "code1097", …}}}`.
 */
export const caLaneClosures: Adapter = {
  id: 'ca-lane-closures',
  jurisdiction: 'US-CA',
  feedType: 'lane-closures',
  intervalSeconds: 300,
  // The file of Los Angeles alone takes up to 16 s.
  deadlineSeconds: 120,
  maxFeedAgeSeconds: 3600,
  // Even the quietest district always has dozens.
  mayBeEmpty: false,
  needsSecret: false,
  parts: () => districtParts('lcs', DISTRICTS, MAX_BYTES),
  parse(body, part) {
    const { rows, publishedAt } = readCaltransFile('lcs', body);
    return { ...readRows(rows, (row) => readWindow(row, part, publishedAt ?? 0)), publishedAt };
  },
};

type Radioed = { readonly called: boolean | null; readonly at: number | null };

type Closure = {
  readonly start: number | null;
  /** As planned; null where it is open or not known. */
  readonly end: number | null;
  /** Null where upstream does not say, in words that are understood. */
  readonly isOpenEnded: boolean | null;
  readonly setUp: Radioed;
  readonly pickedUp: Radioed;
  readonly cancelled: Radioed;
};

function readWindow(row: Members, part: FeedPart, publishedAt: number): ParsedRecord | null {
  const recordId = recordIdOf(row, part);
  if (recordId === null) return null;
  const { travelFlowDirection, begin, end } = membersOf(row.location);
  const [from, to] = [membersOf(begin), membersOf(end)];
  const said = membersOf(row.closure);
  const closure = readClosure(said);
  const status = statusOf(closure, publishedAt);
  const isInForce = status === 'active' || status === 'scheduled';
  const place = placeOf(from, 'begin');
  const flow = textOf(travelFlowDirection);
  return {
    recordId,
    title: `${placeName(place, flow)}: ${describe(said)}`,
    status,
    severity: isOver(status) ? 'none' : severityOf(said),
    geometry: endsOf(
      writtenPosition(from.beginLatitude, from.beginLongitude),
      writtenPosition(to.endLatitude, to.endLongitude),
    ),
    startsAt: closure.start,
    endsAt: endOf(closure, status, publishedAt),
    properties: {
      ...readProperties(said, closure),
      is_standing: isInForce && closure.start !== null && publishedAt - closure.start > STANDING_MS,
      travel_flow_direction: flow,
      begin: { ...place, description: textOf(from.beginFreeFormDescription) },
      end: { ...placeOf(to, 'end'), description: textOf(to.endFreeFormDescription) },
    },
  };
}

function readClosure(said: Members): Closure {
  const times = membersOf(said.closureTimestamp);
  const isOpenEnded = flagOf(times.isClosureEndIndefinite);
  return {
    start: instantOf('closureStart', times),
    end: isOpenEnded === true ? null : instantOf('closureEnd', times),
    isOpenEnded,
    setUp: readCode('1097', said),
    pickedUp: readCode('1098', said),
    cancelled: readCode('1022', said),
  };
}

function readCode(code: string, said: Members): Radioed {
  const members = membersOf(said[`code${code}`]);
  const at = instantOf(`code${code}`, membersOf(members[`code${code}Timestamp`]));
  return { called: flagOf(members[`isCode${code}`]), at };
}

/** The radio comes before the plan: crews stay on after the planned end, and what is set up is there until picked up. */
function statusOf({ start, end, isOpenEnded, setUp, pickedUp, cancelled }: Closure, now: number): RecordStatus {
  if (cancelled.called === true) return 'cancelled';
  if (cancelled.called === null) return 'unknown';
  if (pickedUp.called === true) return 'completed';
  if (pickedUp.called === null) return 'unknown';
  if (setUp.called === true) return 'active';
  if (setUp.called === null) return 'unknown';
  if (end !== null) return end <= now ? 'completed' : 'scheduled';
  const isToCome = isOpenEnded === true || (start !== null && start > now);
  return isToCome ? 'scheduled' : 'unknown';
}

/** When it ended, or is to end; null also where the planned end is over and the crew is not. */
function endOf({ end, pickedUp }: Closure, status: RecordStatus, now: number): number | null {
  if (status === 'completed') return pickedUp.at ?? end;
  return status === 'active' && end !== null && end <= now ? null : end;
}

function severityOf({ typeOfClosure, lanesClosed }: Members): RecordSeverity {
  const lanes = textOf(lanesClosed)?.split(',') ?? [];
  if (lanes.length > 0 && lanes.every((lane) => /shoulder/i.test(lane))) return 'minor';
  return severities.get(textOf(typeOfClosure)?.toLowerCase() ?? '') ?? 'unknown';
}

/** `Lane closure (RShoulder), Drainage Work`, as much of it as is known. */
function describe({ typeOfClosure, lanesClosed, typeOfWork }: Members): string {
  const type = textOf(typeOfClosure);
  const kind = type !== null && /^(full|lane)$/i.test(type) ? `${type} closure` : (type ?? 'closure');
  const lanes = textOf(lanesClosed);
  const work = textOf(typeOfWork);
  return `${kind}${lanes === null ? '' : ` (${lanes})`}${work === null ? '' : `, ${work}`}`;
}

function readProperties(said: Members, closure: Closure): Record<string, JsonValue> {
  const radioed = ({ called, at }: Radioed) => ({ called, at: isoOf(at) });
  return {
    closure_id: textOf(said.closureID),
    log_number: textOf(said.logNumber),
    facility: textOf(said.facility),
    type_of_closure: textOf(said.typeOfClosure),
    type_of_work: textOf(said.typeOfWork),
    duration_of_closure: textOf(said.durationOfClosure),
    estimated_delay_minutes: numberOf(said.estimatedDelay),
    lanes_closed: textOf(said.lanesClosed),
    total_existing_lanes: numberOf(said.totalExistingLanes),
    is_chin_reportable: flagOf(said.isCHINReportable),
    requested_at: isoOf(instantOf('closureRequest', membersOf(said.closureTimestamp))),
    planned_end: isoOf(closure.end),
    is_end_indefinite: closure.isOpenEnded,
    code_1097: radioed(closure.setUp),
    code_1098: radioed(closure.pickedUp),
    code_1022: radioed(closure.cancelled),
  };
}
