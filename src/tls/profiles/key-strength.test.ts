import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { findPeer, peer } from '../../../test/peers/peer.ts';
import type { ProfileSettings } from './index.ts';
import { checkPeerKeyStrength } from './index.ts';

const openssl = findPeer('openssl') ?? 'openssl';

/** Signs with a CA of its own name; keys are made once. */
function issuer() {
  const folder = mkdtempSync(join(tmpdir(), 'key-strength-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const run = (...args: string[]) => execFileSync(openssl, args, { cwd: folder, stdio: 'ignore' });
  run('req', '-x509', '-nodes', '-newkey', 'rsa:2048', '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=ca');
  const keys = new Map<string, string>();
  const keyFile = (key: readonly string[]) => {
    const [name, known] = [`${keys.size}.key`, keys.get(key.join(' '))];
    if (known !== undefined) return known;
    run('req', '-new', '-nodes', '-newkey', ...key, '-keyout', name, '-out', 'request.pem', '-subj', '/CN=leaf');
    keys.set(key.join(' '), name);
    return name;
  };
  return (key: readonly string[], digest: string, signed: boolean): X509Certificate => {
    const signer = signed ? ['-CA', 'ca.pem', '-CAkey', 'ca.key'] : [];
    const subject = ['-subj', '/O=a/CN=leaf', '-days', '2', '-out', 'leaf.pem'];
    run('req', '-x509', `-${digest}`, '-key', keyFile(key), ...subject, ...signer);
    return new X509Certificate(readFileSync(join(folder, 'leaf.pem')));
  };
}

const cases: {
  key: string[];
  digest?: string;
  selfSigned?: true;
  settings?: ProfileSettings;
  weak?: RegExp;
  why: string;
}[] = [
  { key: ['rsa:2048'], why: 'the least that is asked for' },
  {
    key: ['rsa:1024'],
    weak: /"O=a, CN=leaf" has an RSA key of 1024 bits, and the profile wants 2048/,
    why: 'half of it',
  },
  { key: ['rsa:1024'], settings: { minimumKeyStrength: { rsaBits: 1024 } }, why: 'a profile for old peers' },
  {
    key: ['rsa:2048'],
    settings: { minimumKeyStrength: { rsaBits: 3072 } },
    weak: /2048 bits/,
    why: 'a strict profile, between the levels of OpenSSL',
  },
  { key: ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'], why: 'a curve that everybody has' },
  {
    key: ['ec', '-pkeyopt', 'ec_paramgen_curve:P-224'],
    weak: /EC key of 224 bits, and the profile wants 256/,
    why: 'a small curve',
  },
  {
    key: ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
    settings: { minimumKeyStrength: { ecBits: 384 } },
    weak: /256 bits/,
    why: 'a strict profile',
  },
  { key: ['ed25519'], why: 'Edwards curves have one size' },
  { key: ['rsa:2048'], digest: 'sha1', weak: /signed with SHA1/, why: 'a signature that can be forged' },
  {
    key: ['rsa:2048'],
    digest: 'sha1',
    settings: { signatureAlgorithms: ['rsa_pkcs1_sha1'] },
    why: 'which the profile names',
  },
  {
    key: ['rsa:2048'],
    digest: 'sha1',
    selfSigned: true,
    why: 'the signature of a self-signed certificate proves nothing',
  },
  {
    key: ['rsa:2048'],
    digest: 'md5',
    settings: { signatureAlgorithms: ['rsa_pkcs1_sha1'] },
    weak: /signed with MD5/,
    why: 'MD5 cannot be allowed',
  },
];

describe('checkPeerKeyStrength()', peer('openssl'), () => {
  let certificate: ReturnType<typeof issuer>;
  before(() => {
    certificate = issuer();
  });

  for (const { key, digest = 'sha256', selfSigned, settings = {}, weak, why } of cases) {
    test(`${key.at(-1)} ${digest}: ${why}`, () => {
      const weakness = checkPeerKeyStrength([certificate(key, digest, selfSigned !== true)], settings);
      if (weak === undefined) assert.equal(weakness, undefined);
      else assert.match(weakness ?? 'strong enough', weak);
    });
  }

  test('looks at every certificate of the chain', () => {
    const chain = [certificate(['rsa:2048'], 'sha256', true), certificate(['rsa:1024'], 'sha256', true)];
    assert.match(checkPeerKeyStrength(chain, {}) ?? '', /1024/);
  });
});
