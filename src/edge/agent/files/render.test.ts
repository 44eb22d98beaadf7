import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { WorkloadFile } from '#model/resources';
import type { DesiredIdentity, DesiredTrust } from '#model/workloads';
import { parseCertificatesPEM, parsePrivateKeyPEM } from '#pki/x509';
import { findPeer, peer } from '../../../../test/peers/peer.ts';
import { throwawayAuthority } from '../drivers/haproxy/throwaway-material.ts';
import { renderFile } from './render.ts';

const authority = throwawayAuthority('render', new Date());
const other = throwawayAuthority('render other', new Date());
const { cert, key } = authority.issue('render.invalid');
const chain = parseCertificatesPEM(cert);
const mark = { digest: 'd', generation: 1, at: '2026-01-01T00:00:00Z' };
const identity = {
  kind: 'identity',
  name: 'own',
  mark,
  flaw: undefined,
  secretName: 'team/own',
  entry: { alias: 'own', key: parsePrivateKeyPEM(key), certificate: chain[0]!, chain },
} as unknown as DesiredIdentity;
const trust = (...authorities: readonly (typeof authority)[]): DesiredTrust => ({
  kind: 'trust',
  name: 'clients',
  mark,
  bundle: undefined,
  certificates: authorities.map(({ pem }) => ({ certificate: parseCertificatesPEM(pem)[0]!, isCA: true })),
});

const file = (fields: Partial<WorkloadFile>): WorkloadFile => ({
  path: '/x',
  content: 'certificate-and-key',
  of: 'own',
  format: 'pem',
  ...fields,
});

describe('renderFile()', () => {
  test('a file with a key is its owner’s alone, unless a mode is given', () => {
    assert.equal(renderFile(file({}), identity, undefined).mode, 0o600);
    assert.equal(renderFile(file({ content: 'key' }), identity, undefined).mode, 0o600);
    assert.equal(renderFile(file({ content: 'certificate' }), identity, undefined).mode, 0o644);
    assert.equal(renderFile(file({ mode: '0640' }), identity, undefined).mode, 0o640);
  });

  test('certificate and key in files of their own are a pair, a combined file is none', () => {
    assert.equal(renderFile(file({ content: 'key' }), identity, undefined).pair, 'own');
    assert.equal(renderFile(file({ content: 'certificate' }), identity, undefined).pair, 'own');
    assert.equal(renderFile(file({}), identity, undefined).pair, undefined);
  });

  for (const format of ['pem', 'pkcs12', 'jks'] as const) {
    test(`${format}: the same content gives the same bytes, another content or password others`, () => {
      const render = (material: DesiredTrust | DesiredIdentity, password: string): string =>
        Buffer.from(
          renderFile(
            file({ format, content: material.kind === 'trust' ? 'bundle' : 'certificate-and-key' }),
            material,
            password,
          ).bytes,
        ).toString('base64');
      assert.equal(render(identity, 'secret1'), render(identity, 'secret1'));
      assert.equal(render(trust(authority), 'secret1'), render(trust(authority), 'secret1'));
      assert.notEqual(render(trust(authority), 'secret1'), render(trust(authority, other), 'secret1'));
      if (format !== 'pem') assert.notEqual(render(identity, 'secret1'), render(identity, 'secret2'));
    });

    if (format !== 'pem') {
      test(`Java lists what is in ${format} files`, peer('keytool'), () => {
        const folder = mkdtempSync(join(tmpdir(), 'chancery-render-'));
        const list = (material: DesiredTrust | DesiredIdentity): string => {
          const path = join(folder, material.name);
          const content = material.kind === 'trust' ? 'bundle' : 'certificate-and-key';
          writeFileSync(path, renderFile(file({ format, content }), material, 'secret1').bytes);
          return execFileSync(findPeer('keytool')!, ['-list', '-keystore', path, '-storepass', 'secret1'], {
            stdio: 'pipe',
          }).toString();
        };
        assert.match(list(identity), /PrivateKeyEntry/);
        assert.equal(list(trust(authority, other)).match(/trustedCertEntry/g)?.length, 2);
        rmSync(folder, { recursive: true });
      });
    }
  }
});
