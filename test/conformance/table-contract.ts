import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { before, describe, test } from 'node:test';
import type { CertificateSpec } from '#model/resources';
import { makeCA } from '../../src/pki/x509/certificates/certificate.fixture.ts';
import { peer } from '../peers/peer.ts';
import { conformanceCases } from './cases.ts';
import { issuerSuites } from './issuers.ts';
import { keytoolReports } from './keytool.ts';
import { opensslReport } from './openssl.ts';
import type { IssuedCertificate, Subject } from './subject.ts';
import { defaultValidations, verifyByOpenssl } from './validations.ts';

/** Every case with every issuer: declared all at once, then looked at one by one. */
export function conformanceTable(subject: Subject): void {
  before(async () => {
    const rows = issuerSuites.flatMap(({ ref }) =>
      conformanceCases.map(({ spec }, index) => ({ name: nameOf(ref.name, index), spec: { ...spec, issuerRef: ref } })),
    );
    await Promise.all(rows.map(({ name, spec }) => subject.declare(name, spec)));
  });

  for (const suite of issuerSuites) {
    describe(`with ${suite.title}`, () => {
      for (const [index, { issues, expects }] of conformanceCases.entries()) {
        test(`should issue ${issues}`, async () => {
          const name = nameOf(suite.ref.name, index);
          const issued = await subject.untilReady(name);
          const report = await opensslReport(issued.chain[0]!, subject.folder, name);
          for (const validate of Object.values(defaultValidations))
            await validate({ issued, report, suite, folder: subject.folder });
          expects?.(report);
        });
      }
    });
  }

  describe('the judges can say no', () => {
    test('openssl refuses the root of another issuer, and another name', async () => {
      const [issued, other] = await Promise.all([subject.untilReady('root-1'), subject.untilReady('cluster-root-1')]);
      await assert.rejects(
        verifyByOpenssl({ ...issued, caPEM: other.caPEM }, subject.folder),
        /unable to get|signature/,
      );
      const { certificate } = issued;
      const misnamed = { ...certificate, spec: { ...certificate.spec, dnsNames: ['elsewhere.example.com'] } };
      await assert.rejects(verifyByOpenssl({ ...issued, certificate: misnamed }, subject.folder), /hostname mismatch/i);
    });

    for (const [name, validate] of Object.entries(defaultValidations)) {
      test(`${name} fails for the certificate of another case`, async () => {
        const issued = await subject.untilReady('root-2');
        const report = await opensslReport(issued.chain[0]!, subject.folder, 'root-2');
        const [suite, folder] = [issuerSuites[1]!, subject.folder];
        await assert.rejects(async () => validate({ issued: unlike(issued), report, suite, folder }));
      });
    }
  });

  describe('in the eyes of Java', peer('keytool'), () => {
    let all: IssuedCertificate[];
    let reports: Map<string, string>;
    before(async () => {
      const names = issuerSuites.flatMap(({ ref }) => conformanceCases.map((_, index) => nameOf(ref.name, index)));
      all = await Promise.all(names.map((name) => subject.untilReady(name)));
      reports = await keytoolReports(
        all.filter(canBeReadByJava).map(({ chain }) => chain[0]!),
        subject.folder,
      );
    });

    test('keytool reads every certificate that names its issuer, and finds the same names', () => {
      for (const { certificate, chain } of all.filter(canBeReadByJava)) {
        const leaf = new X509Certificate(chain[0]!);
        const report = reports.get(leaf.fingerprint256.replaceAll(':', '').toLowerCase());
        assert.ok(report, `keytool did not print ${certificate.metadata.name}`);
        for (const name of certificate.spec.dnsNames ?? []) assert.ok(report.includes(`DNSName: ${name}`), report);
        assert.equal(report.includes('CA:true'), certificate.spec.isCA === true);
        assert.match(report, /SubjectKeyIdentifier \[/);
        assert.match(report, /AuthorityKeyIdentifier \[/);
      }
    });

    test('what Java cannot read is self-signed without a subject, of which an event warns', async () => {
      const unreadable = all.filter((issued) => !canBeReadByJava(issued));
      assert.ok(unreadable.length > 0);
      for (const { certificate } of unreadable) {
        assert.equal(certificate.spec.issuerRef.name, 'selfsigned');
        await subject.event(`${certificate.metadata.name}-1`, /empty Issuer DN, which contravenes RFC 5280/);
      }
    });
  });
}

/** The same, with everything changed that a validation looks at. */
function unlike({ certificate, secret, chain, keyPEM }: IssuedCertificate): IssuedCertificate {
  return {
    certificate: {
      ...certificate,
      metadata: { ...certificate.metadata, generation: 99 },
      spec: { ...certificate.spec, ...otherSpec },
      status: { ...certificate.status, notAfter: '' },
    },
    secret: { ...secret, metadata: { ...secret.metadata, annotations: {} }, data: {} },
    // The CA of the case may begin in the same second as its certificate.
    chain: [makeCA('other').certificate.toPEM()],
    caPEM: chain[0]!,
    keyPEM,
  };
}

const otherSpec: Partial<CertificateSpec> = {
  isCA: false,
  commonName: 'other',
  subject: { organizations: ['other'] },
  dnsNames: ['other.example.com'],
  uris: ['https://other.example.com'],
  emailAddresses: ['other@example.com'],
  ipAddresses: ['192.0.2.1'],
  duration: '1h',
  privateKey: { algorithm: 'Ed25519' },
  additionalOutputFormats: [{ type: 'DER' }],
};

/** Java's parser refuses an empty issuer name (RFC 5280 4.1.2.4), which a self-signed certificate without subject has. */
function canBeReadByJava({ chain }: IssuedCertificate): boolean {
  return (new X509Certificate(chain[0]!).issuer ?? '') !== '';
}

function nameOf(issuer: string, index: number): string {
  return `${issuer}-${index + 1}`;
}
