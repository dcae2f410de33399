import type { RecordSeverity } from '../domain/feeds/feed-record.ts';

/** What a text says of a road: the gravest of its clauses, and how grave that is. */
export type RoadProse = { readonly clause: string; readonly severity: RecordSeverity };

/** No report on a road is as long: time spent on one grows with its square. */
const MAX_CHARACTERS = 4000;

/** Of this place alone, not "all lanes" or "road and shoulder": those stay for the meanings below. */
function closedAlone(places: string): RegExp {
  const verbs = '(?:(?:is|are|has been|have been|remains?|currently|temporarily|also|now)\\s+)*';
  return new RegExp(
    `(?<!\\b(?:all|both|every)\\b.*|\\band\\s+)\\b(?:${places})\\s+(?:${verbs}closed|closures?)\\b`,
    'g',
  );
}

/**
 * In this order, what words say of the road; each takes out those it has read, so that none after it reads them again.
 * Null: nothing. What is denied is not said, and is no "all clear" either.
 */
const meanings: readonly (readonly [RegExp, RecordSeverity | null])[] = [
  [/\btravel\s+(?:is\s+)?not\s+(?:advised|recommended)\b|\bno\s+travel\s+(?:is\s+)?advised\b/g, 'severe'],
  [/\b(?:not|no longer|never|isn't|aren't)\s+(?:\w+\s+)?(?:closed|required|prohibited|restricted)\b/g, null],
  [/\bno\s+(?:\w+\s+){1,2}(?:closed|required|prohibited|restricted)\b/g, null],
  [/\bno\s+(?:\w+\s+)?(?:closures?|restrictions?)\b/g, null],
  [/\b(?:will|may|might|could|to)\s+be\s+closed\b/g, 'minor'],
  [/\bclosed\s+to\s+(?:all\s+)?(?:trucks|trailers|oversize|commercial|semi|vehicles\s+(?:over|towing))\b/g, 'moderate'],
  [closedAlone('lanes?|ramps?|exits?'), 'moderate'],
  [closedAlone('shoulders?|rest areas?|viewpoints?|parking|sno-?parks?|trailheads?|campgrounds?'), 'minor'],
  [/\bclosed\b|\b(?:road|pass|highway|full)\s+closure\b/g, 'severe'],
  [/\bchains?\b.*\b(?:required|in effect)\b|\brequired\b.*\bchains?\b/g, 'moderate'],
  [/\b(?:oversize|prohibited|restricted|required|advised|recommended)\b/g, 'minor'],
];
const gravestFirst: readonly RecordSeverity[] = ['severe', 'moderate', 'minor'];

/** What a road's keepers write of it. Null where nothing of it is understood, which is no "all clear". */
export function readRoadProse(text: string): RoadProse | null {
  const clauses = text.slice(0, MAX_CHARACTERS).split(/[.,;!]+(?:\s+|$)|\s+but\s+/);
  const read = clauses.flatMap((clause) => {
    const severity = severityOf(clause.toLowerCase());
    return severity === undefined ? [] : { clause, severity };
  });
  return gravestFirst.flatMap((severity) => read.find((one) => one.severity === severity) ?? [])[0] ?? null;
}

function severityOf(clause: string): RecordSeverity | undefined {
  const found = new Set<RecordSeverity | null>();
  let unread = clause;
  for (const [pattern, severity] of meanings) {
    const rest = unread.replace(pattern, ' ');
    if (rest !== unread) found.add(severity);
    unread = rest;
  }
  return gravestFirst.find((severity) => found.has(severity));
}
