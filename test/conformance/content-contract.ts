import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import { describe, test } from 'node:test';
import { isCoded } from '#errors';
import { conditionOf } from '#model/objects';
import { certificateRequestKind, issuerKind, type CertificateRequest, type CertificateSpec } from '#model/resources';
import { peer } from '../peers/peer.ts';
import { draft } from './issuers.ts';
import { keytoolReports } from './keytool.ts';
import { openssl, opensslReport } from './openssl.ts';
import { namespace, type Subject } from './subject.ts';
import { verifyByOpenssl } from './validations.ts';

const root = { name: 'root' };
const ecdsa = { algorithm: 'ECDSA', size: 256 } as const;

/** What is inside certificates and keys, beyond the table. */
export function certificateContent(subject: Subject): void {
  describe('a literal subject', () => literalSubjects(subject));
  describe('otherName SANs', () => otherNames(subject));
  describe('name constraints', () => nameConstraints(subject));
  describe('the encoding of keys', () => keyEncodings(subject));
}

function literalSubjects(subject: Subject): void {
  const rows = [
    { why: 'the RDNs of the table', text: 'CN=foo,OU=FooLong,OU=Bar,OU=Baz,OU=Dept.,O=Corp.' },
    { why: 'domain components and a user id', text: 'UID=jdoe,CN=John Doe,OU=People,DC=example,DC=net' },
    { why: 'escaped separators', text: 'CN=Doe\\, John,O=A \\+ B,C=DE' },
  ];
  for (const [index, { why, text }] of rows.entries()) {
    test(`is encoded in the reverse order of its text: ${why}`, async () => {
      const name = `literal-${index}`;
      const { chain } = await subject.issue(name, { issuerRef: root, privateKey: ecdsa, literalSubject: text });
      assert.equal((await opensslReport(chain[0]!, subject.folder, name)).subject, text);
    });
  }

  test('is refused together with a common name', async () => {
    await assertInvalid(
      subject.declare('literal-refused', { issuerRef: root, literalSubject: 'CN=a', commonName: 'a' }),
      /When providing a `LiteralSubject` no `commonName` may be provided/,
    );
  });
}

function otherNames(subject: Subject): void {
  const upn = '1.3.6.1.4.1.311.20.2.3';

  test('are encoded as UTF-8 strings, beside names of other forms', async () => {
    const name = 'other-names-issued';
    const spec: Partial<CertificateSpec> = {
      dnsNames: ['other.example.com'],
      emailAddresses: ['other@example.com'],
      otherNames: [
        { oid: upn, utf8Value: 'user@example.com' },
        { oid: upn, utf8Value: 'zweiter-müller@example.com' },
      ],
    };
    const { chain } = await subject.issue(name, { issuerRef: root, privateKey: ecdsa, ...spec });
    const { altNames } = await opensslReport(chain[0]!, subject.folder, name);
    assert.deepEqual(altNames.slice(0, 2), ['DNS:other.example.com', 'email:other@example.com']);
    assert.equal(altNames.filter((one) => one.startsWith('othername: UPN::')).length, 2);
    const der = await openssl(
      'asn1parse',
      '-in',
      `${subject.folder}/${name}.pem`,
      '-strparse',
      await sanOffset(subject, name),
    );
    assert.match(der, new RegExp(`UTF8STRING +:user@example\\.com`));
  });

  const refusals = [
    {
      why: 'an OID that is none',
      otherName: { oid: 'BAD_OID', utf8Value: 'a' },
      says: /\[0\]\.oid.*invalid oid syntax/s,
    },
    { why: 'no value', otherName: { oid: upn, utf8Value: '' }, says: /\[0\]\.utf8Value.*valid non-empty UTF8 string/s },
  ];
  for (const { why, otherName, says } of refusals) {
    test(`are refused with ${why}`, async () => {
      await assertInvalid(subject.declare('refused', { issuerRef: root, otherNames: [otherName] }), says);
    });
  }
}

/** Where the value of the subject alternative names begins in the DER. */
async function sanOffset({ folder }: Subject, name: string): Promise<string> {
  const lines = (await openssl('asn1parse', '-in', `${folder}/${name}.pem`)).split('\n');
  const at = lines.findIndex((line) => line.includes('X509v3 Subject Alternative Name'));
  return lines
    .slice(at)
    .find((line) => line.includes('OCTET STRING'))!
    .trim()
    .split(':')[0]!;
}

function nameConstraints(subject: Subject): void {
  const name = 'constrained-ca';
  const issuerRef = { name };

  test(
    'are in the CA certificate, critical, as openssl and keytool see it',
    { skip: peer('keytool').skip },
    async () => {
      const { chain } = await subject.issue(name, {
        issuerRef: root,
        isCA: true,
        commonName: name,
        privateKey: ecdsa,
        nameConstraints: {
          critical: true,
          permitted: {
            dnsDomains: ['good.example.com'],
            ipRanges: ['10.0.0.0/8'],
            emailAddresses: ['good.example.com'],
          },
          excluded: { dnsDomains: ['bad.good.example.com'], uriDomains: ['.bad.example.com'] },
        },
      });
      const report = await opensslReport(chain[0]!, subject.folder, name);
      const extension = report.extensions.get('X509v3 Name Constraints')!;
      assert.ok(extension.critical);
      assert.deepEqual(extension.text.split(/\s*\n\s*/), [
        'Permitted:',
        'DNS:good.example.com',
        'IP:10.0.0.0/255.0.0.0',
        'email:good.example.com',
        'Excluded:',
        'DNS:bad.good.example.com',
        'URI:.bad.example.com',
      ]);
      const [seenByJava] = (await keytoolReports(chain.slice(0, 1), subject.folder)).values();
      assert.match(
        seenByJava!,
        /NameConstraints[^]*DNSName: good\.example\.com[^]*IPAddress: 10\.0\.0\.0\/255\.0\.0\.0/,
      );
    },
  );

  test('let names inside through', async () => {
    await subject.client.create(issuerKind, draft('Issuer', { name, namespace }, { ca: { secretName: name } }));
    const issued = await subject.issue('inside', { issuerRef, privateKey: ecdsa, dnsNames: ['a.good.example.com'] });
    await verifyByOpenssl(issued, subject.folder);
  });

  test('fail the request for a name outside, and say which', async () => {
    await subject.declare('outside', { issuerRef, privateKey: ecdsa, dnsNames: ['a.other.example.com'] });
    const request = await subject.until(
      () => subject.client.get<CertificateRequest>(certificateRequestKind, 'outside-1', namespace),
      ({ status }) => conditionOf(status?.conditions, 'Ready')?.reason === 'Failed',
    );
    assert.match(conditionOf(request.status?.conditions, 'Ready')?.message ?? '', /a\.other\.example\.com/);
  });
}

function keyEncodings(subject: Subject): void {
  const keys = [
    { algorithm: 'RSA', size: 2048, labels: { PKCS1: 'RSA PRIVATE KEY', PKCS8: 'PRIVATE KEY' } },
    { algorithm: 'ECDSA', size: 521, labels: { PKCS1: 'EC PRIVATE KEY', PKCS8: 'PRIVATE KEY' } },
    { algorithm: 'Ed25519', size: 0, labels: { PKCS1: 'PRIVATE KEY', PKCS8: 'PRIVATE KEY' } },
  ] as const;
  for (const { algorithm, size, labels } of keys) {
    for (const encoding of ['PKCS1', 'PKCS8'] as const) {
      test(`should correctly encode a certificate's private key: ${algorithm} as ${encoding}`, async () => {
        const name = `${algorithm}-${encoding}`.toLowerCase();
        const privateKey = { algorithm, encoding, ...(size > 0 ? { size } : {}) };
        const { keyPEM } = await subject.issue(name, {
          issuerRef: { name: 'selfsigned' },
          commonName: name,
          privateKey,
        });
        assert.equal(/^-----BEGIN (.*)-----/.exec(keyPEM)?.[1], labels[encoding]);
        assert.ok(createPrivateKey(keyPEM));
      });
    }
  }

  test('another encoding alone does not issue again', async () => {
    const { certificate } = await subject.change('rsa-pkcs8', { privateKey: { encoding: 'PKCS1' } });
    assert.equal(certificate.status?.revision, 1);
  });
}

async function assertInvalid(answer: Promise<unknown>, says: RegExp): Promise<void> {
  await assert.rejects(answer, (error) => isCoded(error, 'invalid') && says.test((error as Error).message));
}
