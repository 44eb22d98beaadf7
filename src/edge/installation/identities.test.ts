import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { isCoded } from '#errors';
import { formatName, parseCertificatesPEM } from '#pki/x509';
import { ensureIdentities, writeKubeconfigs } from './identities.ts';

const start = new Date('2026-01-01T00:00:00Z');
const days = (count: number): Date => new Date(start.getTime() + count * 86_400_000);

describe('identities of an installation', () => {
  let directory: string;
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'chancery-'))));
  afterEach(() => rmSync(directory, { recursive: true }));

  test('ensureIdentities() answers the same identities while they are young', async () => {
    const first = await ensureIdentities(directory, start);
    assert.deepEqual(await ensureIdentities(directory, days(200)), first);
  });

  test('ensureIdentities() renews certificates of which less than a third of the life is left, under the same authority', async () => {
    const first = await ensureIdentities(directory, start);
    const later = await ensureIdentities(directory, days(250));
    assert.notEqual(later.tls.cert, first.tls.cert);
    assert.notEqual(later.administrator.cert, first.administrator.cert);
    assert.equal(later.tls.clientCA, first.tls.clientCA);
    assert.deepEqual(later.tokens, first.tokens);
  });

  test('ensureIdentities() replaces what an old authority signed when the authority is renewed', async () => {
    const first = await ensureIdentities(directory, start);
    const later = await ensureIdentities(directory, days(2500));
    assert.notEqual(later.tls.clientCA, first.tls.clientCA);
    const [authority] = parseCertificatesPEM(later.tls.clientCA);
    assert.ok(parseCertificatesPEM(later.tls.cert)[0]!.isSignedBy(authority!));
  });

  test('a gateway has a certificate of its own group, and a kubeconfig with it', async () => {
    const identities = await ensureIdentities(directory, start);
    const { gateway } = await writeKubeconfigs(directory, 'https://127.0.0.1:9443', identities);
    const [certificate] = parseCertificatesPEM(identities.gateway.cert!);
    assert.equal(formatName(certificate!.subject), 'CN=gateway,O=chancery:gateways');
    assert.ok(readFileSync(gateway, 'utf8').includes(Buffer.from(identities.gateway.cert!).toString('base64')));
  });

  test('every file is readable by its owner alone', async () => {
    await writeKubeconfigs(directory, 'https://127.0.0.1:9443', await ensureIdentities(directory, start));
    const files = [
      ...readdirSync(join(directory, 'pki')).map((name) => join(directory, 'pki', name)),
      ...readdirSync(directory)
        .filter((name) => name.endsWith('kubeconfig') || name === 'calendar.url')
        .map((name) => join(directory, name)),
    ];
    assert.ok(files.length >= 14);
    for (const file of files) assert.equal(statSync(file).mode & 0o777, 0o600, file);
  });

  test('a damaged key is reported by its place and not overwritten', async () => {
    await ensureIdentities(directory, start);
    const path = join(directory, 'pki', 'ca.key');
    truncateSync(path, 40);
    const before = readFileSync(path);
    await assert.rejects(ensureIdentities(directory, start), (error) => isCoded(error) && error.field === path);
    assert.deepEqual(readFileSync(path), before);
  });

  test('a missing half of a pair is made anew as a whole', async () => {
    const first = await ensureIdentities(directory, start);
    rmSync(join(directory, 'pki', 'server.key'));
    const later = await ensureIdentities(directory, start);
    assert.notEqual(later.tls.cert, first.tls.cert);
    writeFileSync(join(directory, 'pki', 'viewer.token'), '');
    assert.notDeepEqual((await ensureIdentities(directory, start)).tokens, first.tokens);
  });
});
