import assert from 'node:assert/strict';
import type { CertificateSpec } from '#model/resources';
import type { OpensslReport } from './openssl.ts';

/** A row of cert-manager's conformance table. */
export interface ConformanceCase {
  /** What it issues: "should issue ..." */
  readonly issues: string;
  readonly spec: Partial<CertificateSpec>;
  /** What to expect beside the validations of every case. */
  readonly expects?: (report: OpensslReport) => void;
}

const ecdsa: CertificateSpec['privateKey'] = { algorithm: 'ECDSA' };
const ed25519: CertificateSpec['privateKey'] = { algorithm: 'Ed25519' };
const domain = 'conformance.example.com';
const literalSubject = 'CN=*.x.foo-long.bar.com,OU=FooLong,OU=Bar,OU=Baz,OU=Dept.,O=Corp.';

/** test/e2e/suite/conformance/certificates/tests.go of cert-manager: the same cases in the same order. */
export const conformanceCases: readonly ConformanceCase[] = [
  { issues: 'a basic, defaulted certificate for a single distinct DNS Name', spec: { dnsNames: [`basic.${domain}`] } },
  {
    issues: 'a CA certificate with the CA basicConstraint set',
    spec: { isCA: true, commonName: 'conformance-ca', dnsNames: [`ca.${domain}`] },
    expects: ({ extensions }) => assert.match(extensions.get('X509v3 Key Usage')!.text, /Certificate Sign/),
  },
  {
    issues: 'an ECDSA, defaulted certificate for a single distinct DNS Name',
    spec: { privateKey: ecdsa, dnsNames: [`ecdsa.${domain}`] },
  },
  {
    issues: 'an Ed25519, defaulted certificate for a single distinct DNS Name',
    spec: { privateKey: ed25519, dnsNames: [`ed25519.${domain}`] },
  },
  { issues: 'a basic, defaulted certificate for a single Common Name', spec: { commonName: 'single-common-name' } },
  {
    issues: 'a certificate with a couple valid otherName SAN values set as well as an emailAddress',
    spec: {
      commonName: 'other-names',
      emailAddresses: ['email@domain.test'],
      otherNames: [
        { oid: '1.3.6.1.4.1.311.20.2.3', utf8Value: 'upn@domain.test' },
        { oid: '1.2.840.113556.1.4.656', utf8Value: 'upn@domain.test' },
      ],
    },
    expects: ({ altNames }) => {
      const others = altNames.filter((name) => name.startsWith('othername:'));
      assert.equal(others.length, 2);
      assert.match(others[0]!, /UPN.*upn@domain\.test/);
    },
  },
  {
    issues: 'a basic, defaulted certificate for a single distinct DNS Name with a literal subject',
    spec: { literalSubject, dnsNames: [`literal.${domain}`] },
    expects: ({ subject }) => assert.equal(subject, literalSubject),
  },
  {
    issues: 'an ECDSA, defaulted certificate for a single Common Name',
    spec: { privateKey: ecdsa, commonName: 'ecdsa-common-name' },
  },
  {
    issues: 'an Ed25519, defaulted certificate for a single Common Name',
    spec: { privateKey: ed25519, commonName: 'ed25519-common-name' },
  },
  { issues: 'a certificate that defines an IP Address', spec: { ipAddresses: ['127.0.0.1'] } },
  {
    issues: 'a certificate that defines a DNS Name and IP Address',
    spec: { dnsNames: [`with-ip.${domain}`], ipAddresses: ['127.0.0.1', '2001:db8::1'] },
  },
  {
    issues: 'a certificate that defines a Common Name and IP Address',
    spec: { commonName: 'common-name-and-ip', ipAddresses: ['127.0.0.1'] },
  },
  { issues: 'a certificate that defines an Email Address', spec: { emailAddresses: ['alice@example.com'] } },
  {
    issues: 'a certificate that defines a Common Name and URI SAN',
    spec: { commonName: 'common-name-and-uri', uris: ['spiffe://cluster.local/ns/sandbox/sa/foo'] },
  },
  {
    issues: 'a certificate that defines a 2 distinct DNS Names with one copied to the Common Name',
    spec: { commonName: `one.${domain}`, dnsNames: [`one.${domain}`, `two.${domain}`] },
  },
  {
    issues: 'a certificate that defines a distinct DNS Name and another distinct Common Name',
    spec: { commonName: `another.${domain}`, dnsNames: [`distinct.${domain}`] },
  },
  {
    issues: 'a certificate that defines a DNS Name and sets a duration',
    spec: { dnsNames: [`duration.${domain}`], duration: '896h' },
  },
  { issues: 'a certificate that defines a wildcard DNS Name', spec: { dnsNames: [`*.wildcard.${domain}`] } },
  {
    issues: 'a certificate that includes only a URISANs name',
    spec: { uris: ['spiffe://cluster.local/ns/sandbox/sa/only'] },
  },
  {
    issues: 'a certificate that includes arbitrary key usages',
    spec: {
      commonName: `usages.${domain}`,
      dnsNames: [`usages.${domain}`],
      usages: ['signing', 'data encipherment', 'server auth', 'client auth'],
    },
    expects: ({ extensions }) => {
      const usage = extensions.get('X509v3 Key Usage')!;
      assert.deepEqual(usage, { critical: true, text: 'Digital Signature, Data Encipherment' });
      assert.equal(
        extensions.get('X509v3 Extended Key Usage')!.text,
        'TLS Web Server Authentication, TLS Web Client Authentication',
      );
    },
  },
  {
    issues: 'a certificate that defines a long domain',
    spec: { dnsNames: [`${'a'.repeat(63)}.${domain}`] },
  },
  {
    issues: 'a certificate that defines a wildcard DNS Name and its apex DNS Name',
    spec: { dnsNames: [`*.apex.${domain}`, `apex.${domain}`] },
  },
];
