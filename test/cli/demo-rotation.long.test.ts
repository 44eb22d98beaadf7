import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { peer } from '../peers/peer.ts';

const program = new URL('../../demo/rotation/main.ts', import.meta.url).pathname;

test(
  'the demo rotates twice under load without a failed handshake, and fails without stages',
  peer('nginx', 'haproxy', 'openssl', 'java'),
  () => {
    const output = execFileSync(process.execPath, [program, '--quick', '--json'], {
      encoding: 'utf8',
      timeout: 120_000,
    });
    const { handshakes, control, oldCARefused, drivers } = JSON.parse(output.trim().split('\n').at(-1)!) as {
      readonly handshakes: { readonly total: number; readonly failed: number };
      readonly control: { readonly failed: number };
      readonly oldCARefused: boolean;
      readonly drivers: readonly string[];
    };
    assert.ok(handshakes.total > 500, `${handshakes.total}`);
    assert.equal(handshakes.failed, 0);
    assert.ok(control.failed > 0);
    assert.equal(oldCARefused, true);
    assert.deepEqual(drivers, ['haproxy', 'nginx', 'files', 'gateway']);
  },
);
