#!/usr/bin/env node
/**
 * Starts Chancery on the Node it is pinned to. Plain JavaScript: the machine's own Node may be too old to read the rest.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import nodeModule from 'node:module';
import { fileURLToPath } from 'node:url';

const oldestMajor = 24;
const main = new URL('./main.ts', import.meta.url);
const pinned = fileURLToPath(new URL('../node_modules/node/bin/node', import.meta.url));

if (Number.parseInt(process.versions.node, 10) >= oldestMajor) {
  nodeModule.enableCompileCache?.();
  await import(main.href);
} else if (existsSync(pinned)) {
  runPinned();
} else {
  console.error(`chancery needs Node ${oldestMajor} or newer, and this is ${process.version}.`);
  console.error('Run `npm ci` in the project once: it brings the right Node along.');
  process.exitCode = 1;
}

function runPinned() {
  const child = spawn(pinned, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (signal === 'SIGINT' ? 2 : 15);
  });
}
