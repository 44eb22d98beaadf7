import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import fc from 'fast-check';
import { isCoded } from '#errors';
import type { ListenerPlan, RoutePlan } from '#model/gateways';
import { readSnapshot, writeSnapshot, type Snapshot } from './snapshot-file.ts';

const listener = (host: string): ListenerPlan => ({
  host,
  profile: 'a/p',
  settings: {},
  identity: {
    certificatePEM: 'CERT',
    privateKeyPEM: 'A-VERY-PRIVATE-KEY',
    fingerprint: 'f',
    notAfter: '2027-01-01T00:00:00Z',
  },
  clientAnchors: [],
  digest: host,
});

const route = { api: 'a/x', basePath: '/x', upstream: { endpoint: 'b:1', digest: 'd' } } as unknown as RoutePlan;

const snapshot: Snapshot = {
  gateway: 'a/gw',
  writtenAt: '2026-01-01T00:00:00.000Z',
  listeners: Array.from({ length: 250 }, (_, index) => listener(`h${index}.example`)),
  routes: [route],
};

describe('snapshot of a node', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'chancery-'));
    path = join(folder, 'state', 'n.snapshot');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('comes back as it was written, from a file that only its owner reads', async () => {
    await writeSnapshot(path, 'secret', snapshot);
    assert.deepEqual(await readSnapshot(path, 'secret', 'a/gw'), snapshot);
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(join(folder, 'state')), ['n.snapshot']);
  });

  test('no key and no name is readable in the file', async () => {
    await writeSnapshot(path, 'secret', snapshot);
    const text = readFileSync(path).toString('latin1');
    assert.doesNotMatch(text, /PRIVATE|example|host/);
  });

  test('there is none before the first', async () => {
    assert.equal(await readSnapshot(path, 'secret', 'a/gw'), undefined);
  });

  test('another key, or the snapshot of another gateway, is refused', async () => {
    await writeSnapshot(path, 'secret', snapshot);
    for (const [secret, gateway] of [
      ['other', 'a/gw'],
      ['secret', 'a/other'],
    ] as const) {
      await assert.rejects(readSnapshot(path, secret, gateway), (error) => isCoded(error, 'secret-malformed'));
    }
  });

  test('is refused when one byte is different, or it is cut off anywhere', async () => {
    await writeSnapshot(path, 'secret', { ...snapshot, listeners: [listener('a')] });
    const good = readFileSync(path);
    await fc.assert(
      fc.asyncProperty(
        fc.nat(good.length - 1),
        fc.integer({ min: 1, max: 255 }),
        fc.boolean(),
        async (at, mask, cut) => {
          const bad = Buffer.from(good);
          bad[at]! ^= mask;
          writeFileSync(path, cut ? good.subarray(0, at) : bad);
          await assert.rejects(readSnapshot(path, 'secret', 'a/gw'), (error) => isCoded(error, 'secret-malformed'));
        },
      ),
      { numRuns: 200 },
    );
  });

  test('the same content is never the same file', async () => {
    await writeSnapshot(path, 'secret', snapshot);
    const first = readFileSync(path);
    await writeSnapshot(path, 'secret', snapshot);
    assert.notDeepEqual(readFileSync(path), first);
  });
});
