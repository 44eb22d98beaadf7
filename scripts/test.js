/**
 * `npm test` and `npm run test:long`: node's test runner over every `*.test.ts`; with `--long` the long suites, which
 * repeat their scenarios thousands of times, run as well. Further arguments are paths that narrow the run.
 */
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';

const args = process.argv.slice(2);
const long = args.includes('--long');
const roots = args.filter((argument) => !argument.startsWith('-'));

const files = (roots.length > 0 ? roots : ['src', 'test', 'bin', 'bench'])
  .flatMap((root) => (root.endsWith('.ts') ? [root] : globSync(`${root}/**/*.test.ts`)))
  .filter((file) => long || !file.endsWith('.long.test.ts'))
  .filter((file) => !file.includes('node_modules'))
  .toSorted();

const reporter = ['--test-reporter=./scripts/summary-reporter.js', '--test-reporter-destination=stdout'];
const run = spawnSync('node', ['--test', '--test-concurrency=2', ...reporter, ...files], { stdio: 'inherit' });
process.exitCode = run.status ?? 1;
