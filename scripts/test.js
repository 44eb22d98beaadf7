/**
 * `npm test` and `npm run test:long`: node's test runner over every `*.test.ts`; with `--long` the long suites, which
 * repeat their scenarios thousands of times, run as well. Further arguments are paths that narrow the run.
 */
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';

const wanted = process.argv.slice(2);
const long = wanted.includes('--long');
const roots = wanted.filter((argument) => !argument.startsWith('-'));

const files = (roots.length > 0 ? roots : ['src', 'test', 'bin', 'bench', 'demo'])
  .flatMap((root) => (root.endsWith('.ts') ? [root] : globSync(`${root}/**/*.test.ts`)))
  .filter((file) => long || !file.endsWith('.long.test.ts'))
  .filter((file) => !file.includes('node_modules'))
  .toSorted();

const reporter = ['--test-reporter=./scripts/summary-reporter.js', '--test-reporter-destination=stdout'];
// The same cases at every run, so that a red run tells of the change; the long suites draw new ones.
const seed = long ? [] : ['--import', './scripts/property-seed.js'];
// A test that waits for what never comes is named, instead of holding up all the others; the longest long suite takes 30 minutes.
const timeout = `--test-timeout=${(long ? 60 : 5) * 60_000}`;
const args = ['--test', '--test-concurrency=2', timeout, ...seed, ...reporter, ...files];
const run = spawnSync('node', args, { stdio: 'inherit' });
process.exitCode = run.status ?? 1;
