import assert from 'node:assert/strict';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { secretKind, type Secret } from '#model/resources';
import { peer } from '../peers/peer.ts';
import { keytoolReports } from './keytool.ts';
import { openssl } from './openssl.ts';
import { splitPEM, textOf, type Subject } from './subject.ts';

/** All that the suite has issued by now, in every namespace, whatever a test looked at. */
export function everythingIssued(subject: Subject): void {
  let secrets: Secret[];
  before(async () => {
    const { items } = await subject.client.list<Secret>(secretKind);
    secrets = items.filter(({ type }) => type === 'kubernetes.io/tls');
    assert.ok(secrets.length > 100);
  });
  const presented = (): string[] => secrets.flatMap((secret) => splitPEM(textOf(secret, 'tls.crt')));
  const file = (name: string, text: string): string => {
    const path = join(subject.folder, name);
    writeFileSync(path, text);
    return path;
  };

  test('openssl reads every certificate', async () => {
    const printed = await openssl('storeutl', '-noout', '-text', '-certs', file('everything', presented().join('')));
    assert.equal(printed.match(/^Certificate:$/gm)?.length, presented().length);
  });

  test('openssl verifies every certificate against the roots', async () => {
    const roots = file('every-root', secrets.map((secret) => textOf(secret, 'ca.crt')).join(''));
    const untrusted = file('everything', presented().join(''));
    const leaves = secrets.map((secret, index) => file(`leaf-${index}`, splitPEM(textOf(secret, 'tls.crt'))[0]!));
    const trust = ['-no-CApath', '-no-CAstore', '-CAfile', roots, '-untrusted', untrusted];
    const said = await openssl('verify', ...trust, ...leaves);
    assert.equal(said.match(/: OK$/gm)?.length, leaves.length);
  });

  test('keytool reads every certificate that names its issuer', peer('keytool'), async () => {
    const readable = presented().filter((pem) => (new X509Certificate(pem).issuer ?? '') !== '');
    const different = new Set(readable.map((pem) => new X509Certificate(pem).fingerprint256));
    assert.equal((await keytoolReports(readable, subject.folder)).size, different.size);
  });

  test('every key is that of its certificate', () => {
    for (const secret of secrets) {
      const leaf = new X509Certificate(splitPEM(textOf(secret, 'tls.crt'))[0]!);
      assert.ok(leaf.checkPrivateKey(createPrivateKey(textOf(secret, 'tls.key'))), secret.metadata.name);
    }
  });
}
