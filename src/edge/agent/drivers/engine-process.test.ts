import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { EngineProcess } from './engine-process.ts';

test('renewWorkers() does not wait for the workers of a master that is gone', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'chancery-engine-'));
  try {
    const pidFile = join(folder, 'pid');
    const master = spawn('sleep', ['60'], { stdio: 'ignore' });
    writeFileSync(pidFile, String(master.pid));
    const began = performance.now();
    const step = await new EngineProcess(pidFile).renewWorkers('SIGKILL', 30_000);
    assert.equal(step.ok ? '' : step.code, 'no-process');
    assert.ok(performance.now() - began < 10_000);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
