import { tooLarge, unreadable } from '../domain/feeds/upstream-fault.ts';

/*
 * The polls of a batch share the memory of one function (lib/polling/polling.ts). A value of JSON takes up to a hundred
 * bytes of it, and one that is not what it should be five times that: a few megabytes of `{},{},{}` would end all of them.
 */
/** The largest feed there is has one in thirty bytes, and may have 32 MB. */
const MAX_VALUES = 1_500_000;
/** A part has no more records than that (lambdas/domain/feeds/refuse-unusable.ts), and none has so many coordinates. */
const MAX_MEMBERS = 50_000;
const MAX_DEPTH = 100;

const [QUOTE, BACKSLASH, COMMA] = Buffer.from('"\\,');
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = Buffer.from('[]{}');

/**
 * Looks at the marks of a JSON text before anything is made of it. Throws `UpstreamFault` when there is more in it than in
 * any feed.
 */
export function refuseExcess(json: Uint8Array): void {
  const members = new Uint32Array(MAX_DEPTH + 1);
  let depth = 0;
  let values = 0;
  for (let at = 0; at < json.length; at += 1) {
    const mark = json[at];
    if (mark === QUOTE) {
      at = endOfText(json, at);
    } else if (mark === COMMA) {
      values += 1;
      members[depth] = (members[depth] ?? 0) + 1;
      if (Number(members[depth]) >= MAX_MEMBERS) throw tooLarge(`a list of more than ${MAX_MEMBERS} from upstream`);
    } else if (mark === OPEN_LIST || mark === OPEN_OBJECT) {
      values += 1;
      depth += 1;
      if (depth > MAX_DEPTH) throw unreadable(`the answer is nested more than ${MAX_DEPTH} levels deep`);
      members[depth] = 0;
    } else if (mark === CLOSE_LIST || mark === CLOSE_OBJECT) {
      depth -= 1;
    }
    if (values > MAX_VALUES) throw tooLarge(`more than ${MAX_VALUES} values from upstream`);
  }
}

function endOfText(json: Uint8Array, begin: number): number {
  let at = begin + 1;
  while (at < json.length && json[at] !== QUOTE) at += json[at] === BACKSLASH ? 2 : 1;
  return at;
}
