import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { formatKubeconfig } from '#edge/api';

const program = fileURLToPath(new URL('../../bin/chancery.js', import.meta.url));

test('chancery gateway listens although no control plane answers, and ends well when it is told to', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'chancery-gateway-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const kubeconfig = join(folder, 'gateway.kubeconfig');
  writeFileSync(kubeconfig, formatKubeconfig({ server: 'https://127.0.0.1:1', token: 'secret' }));
  const args = ['gateway', '--kubeconfig', kubeconfig, '--host', '127.0.0.1', '--port', '0', '--state-dir', folder];
  const child = spawn(process.execPath, [program, ...args, '--node', 'n'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    said.push(line);
    if (said.length === 1) child.kill('SIGTERM');
  }
  if (child.exitCode === null) await once(child, 'exit');
  assert.match(said[0]!, /^Chancery \S+: gateway chancery-system\/default on 127\.0\.0\.1:\d+$/);
  assert.equal(said[1], 'Draining.');
  assert.equal(child.exitCode, 0);
});
