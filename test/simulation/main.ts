import { parseArgs } from 'node:util';
import { explore, trace } from './explore.ts';

/*
 * npm run simulate                                 plays 10,000 schedules
 * npm run simulate -- --seed 7 --schedules 100000  as many others
 * npm run simulate -- --replay '{"mode":…}'        plays one again, and tells each of its calls and writes
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    schedules: { type: 'string', default: '10000' },
    replay: { type: 'string' },
  },
});

const broken = values.replay
  ? await trace(values.replay)
  : await explore({ seed: Number(values.seed), schedules: Number(values.schedules) });
console.log(broken ?? 'No invariant was broken.');
if (broken) process.exitCode = 1;
