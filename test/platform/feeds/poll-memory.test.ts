import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';

const program = new URL('../../support/feeds/poll-in-little-memory.ts', import.meta.url).pathname;
/** What Lambda gives to the heap, nine tenths of the poller's memory (lib/polling/polling.ts). */
const HEAP_MB = 690;

test.each([
  ['32 MB of empty objects', 'upstream_too_large'],
  ['32 MB of empty lists', 'upstream_too_large'],
  ['millions of objects of other names each', 'upstream_too_large'],
  ['32 MB of lists in lists', 'upstream_parse_failure'],
  ['as many odd texts as there may be', 'upstream_parse_failure'],
  ['as many odd features as there may be', 'upstream_parse_failure'],
])(
  'a feed of %s fails alone: the nine polled beside it do not notice',
  async (document, outcome) => {
    const run = promisify(execFile);
    const { stdout } = await run(process.execPath, [`--max-old-space-size=${HEAP_MB}`, program, document]);
    const outcomes: string[] = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
    expect(outcomes.filter((each) => each === 'success')).toHaveLength(9);
    expect(outcomes[4]).toBe(outcome);
  },
  60_000,
);
