/**
 * Reporter of `npm test`: a line a file, every failure in full, every skipped test by name with its reason, and one
 * closing line with the counts.
 */
import { relative } from 'node:path';
import { inspect } from 'node:util';

export default async function* report(events) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const failures = [];
  const skipped = [];
  for await (const { type, data } of events) {
    if (type === 'test:summary' && data.file !== undefined) yield fileLine(data);
    if (type === 'test:stderr') yield data.message;
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    if (isContainer(type, data)) continue;
    if (data.skip !== undefined) skipped.push(data);
    else if (type === 'test:fail') failures.push(data);
    counts[data.skip === undefined ? (type === 'test:fail' ? 'failed' : 'passed') : 'skipped'] += 1;
  }
  for (const failure of failures) yield failureText(failure);
  for (const test of skipped) yield `skipped: ${test.name} (${place(test)}): ${test.skip}\n`;
  if (skipped.length > 0 && process.env.CHANCERY_REQUIRE_PEERS === '1') {
    yield 'Skipped tests are failures where CHANCERY_REQUIRE_PEERS is 1.\n';
    process.exitCode = 1;
  }
  yield `\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`;
}

/** Suites, and files that loaded: their tests are reported one by one. */
function isContainer(type, data) {
  if (data.details?.type === 'suite')
    return type === 'test:pass' || data.details.error?.failureType === 'subtestsFailed';
  return type === 'test:pass' && data.nesting === 0 && data.name.endsWith('.test.ts');
}

function fileLine({ file, counts, duration_ms: milliseconds, success }) {
  const seconds = (milliseconds / 1000).toFixed(1);
  return `${success ? 'ok  ' : 'FAIL'} ${relative(process.cwd(), file)} (${counts.tests} tests, ${seconds} s)\n`;
}

function failureText(failure) {
  const error = failure.details.error;
  return `\nFAILED: ${failure.name} (${place(failure)})\n${inspect(error?.cause ?? error, { depth: 6 })}\n`;
}

function place({ file, line }) {
  return file === undefined ? 'unknown file' : `${relative(process.cwd(), file)}:${line}`;
}
