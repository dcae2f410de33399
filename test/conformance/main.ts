import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { checkApiSamples } from './check-api.ts';
import { checkCsvSpectrum, checkSamples } from './check-csv.ts';
import { checkFeedSamples } from './check-feeds.ts';
import { checkXlsxSamples } from './check-xlsx.ts';
import { checkThroughTheStack } from './through-the-stack.ts';

/** `npm run conformance -- DIR`: reads real files and compares with their right reading; exits 1 on a difference. */
const directory = process.argv[2];
if (directory === undefined) {
  console.error('Usage: npm run conformance -- DIR');
  process.exit(2);
}

if (!existsSync(join(directory, 'csv', 'csv-spectrum'))) {
  console.error(
    `${directory} does not hold the samples: csv/, xlsx/ and the others, with the files that test/conformance/*-samples.ts name`,
  );
  process.exit(2);
}

const findings = [
  ...(await checkSamples(directory)),
  ...(await checkCsvSpectrum(directory)),
  ...(await checkXlsxSamples(directory)),
  ...(await checkApiSamples(directory)),
  ...(await checkFeedSamples(directory)),
  ...(await checkThroughTheStack(directory)),
];
const width = Math.max(...findings.map(({ file }) => file.length));
for (const { file, read, differences } of findings) {
  console.log(`${differences.length === 0 ? 'ok  ' : 'FAIL'} ${file.padEnd(width)}  ${read}`);
  for (const difference of differences) console.log(`       ${difference}`);
}
const failures = findings.filter(({ differences }) => differences.length > 0).length;
console.log(`${findings.length} files, ${failures} with differences`);
process.exitCode = failures === 0 ? 0 : 1;
