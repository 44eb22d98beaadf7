#!/usr/bin/env node
/**
 * Starts Chancery on the Node it is pinned to, and what serves TLS with the settings of openssl.cnf. Plain JavaScript: the
 * machine's own Node may be too old to read the rest.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import nodeModule from 'node:module';
import { fileURLToPath } from 'node:url';

const oldestMajor = 24;
const main = new URL('./main.ts', import.meta.url);
const pinned = fileURLToPath(new URL('../node_modules/node/bin/node', import.meta.url));
const program = fileURLToPath(import.meta.url);
const args = process.argv.slice(2);

const serves = args[0] === 'up' || args[0] === 'gateway';
const settings = serves ? [`--openssl-config=${fileURLToPath(new URL('./openssl.cnf', import.meta.url))}`] : [];

if (Number.parseInt(process.versions.node, 10) < oldestMajor) runPinned();
else if (settings.every((flag) => process.execArgv.includes(flag))) await run();
else runAgain(process.execPath);

async function run() {
  nodeModule.enableCompileCache?.();
  await import(main.href);
}

function runPinned() {
  if (existsSync(pinned)) return runBelow(pinned);
  console.error(`chancery needs Node ${oldestMajor} or newer, and this is ${process.version}.`);
  console.error('Run `npm ci` in the project once: it brings the right Node along.');
  process.exitCode = 1;
}

/** With the settings, which OpenSSL reads once; in this very process where the system can do that. */
function runAgain(node) {
  if (process.platform === 'win32') return runBelow(node);
  // That the function is new is nothing that a user of this program can act on.
  process.emitWarning = () => {};
  process.execve(node, [node, ...process.execArgv, ...settings, program, ...args]);
}

function runBelow(node) {
  const child = spawn(node, [...settings, program, ...args], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (signal === 'SIGINT' ? 2 : 15);
  });
}
