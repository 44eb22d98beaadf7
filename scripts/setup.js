/**
 * Makes a bare clone ready: installs the locked dependencies, the pinned Node among them, and puts `chancery` on the
 * PATH of npm scripts and npx. Plain JavaScript, because it runs on whatever Node the machine has; does nothing when all
 * is in place.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const stamp = `${root}node_modules/.installed-lock`;
const wanted = createHash('sha256')
  .update(readFileSync(`${root}package-lock.json`))
  .digest('hex');

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
  console.error('Installing dependencies (once)...');
  install();
  writeFileSync(stamp, wanted);
}

function install() {
  const windows = process.platform === 'win32';
  execFileSync(windows ? 'npm.cmd' : 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: windows,
  });
  const link = `${root}node_modules/.bin/chancery`;
  if (!existsSync(link)) symlinkSync('../../bin/chancery.js', link);
}
