/** `npm run check`: every check in turn; all are run, and the failed ones are named at the end. */
import { spawnSync } from 'node:child_process';

/** @type {readonly (readonly [name: string, command: string, args: readonly string[]])[]} */
const checks = [
  ['format', 'prettier', ['--check', '--log-level=warn', '.']],
  ['lint', 'oxlint', ['--type-aware', '--deny-warnings']],
  ['types', 'node', ['node_modules/typescript-7/bin/tsc', '-p', '.']],
  [
    'boundaries',
    'depcruise',
    ['--config', '.dependency-cruiser.cjs', 'bin', 'src', 'test', 'bench', 'demo', 'scripts'],
  ],
  ['dead code', 'knip', ['--no-progress']],
  ['docs', 'node', ['scripts/generate.ts', '--check']],
  ['links', 'node', ['scripts/check-links.ts']],
];

const failed = checks.filter(([name, command, args]) => {
  console.log(`> ${name}`);
  return spawnSync(command, args, { stdio: 'inherit' }).status !== 0;
});

if (failed.length > 0) {
  console.error(`\nFailed: ${failed.map(([name]) => name).join(', ')}`);
  process.exitCode = 1;
} else {
  console.log('\nAll checks passed.');
}
