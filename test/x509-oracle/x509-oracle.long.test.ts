import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import {
  ed25519,
  encodeName,
  generalNames,
  keySpec,
  keyUsageBits,
  nameFromSubject,
  p256,
  splitUsages,
} from '#pki/x509';
import { subjectAltNameExtension, usageNames } from '#pki/x509';
import type { SubjectAltNames, SubjectFields } from '#pki/x509';
import { createAuthority, issueCertificate } from '#pki/issuance';
import type { CertificateAuthority, IssuedCertificate } from '#pki/issuance';
import { findPeer, peer } from '../peers/peer.ts';

const now = new Date('2030-01-01T12:00:00Z');
const year = 365 * 24 * 3600;
const folder = mkdtempSync(join(tmpdir(), 'x509-oracle-'));
after(() => rmSync(folder, { recursive: true }));

interface Wanted {
  readonly subject: SubjectFields & { readonly commonName: string };
  readonly names: Pick<SubjectAltNames, 'dnsNames' | 'emailAddresses' | 'ipAddresses' | 'uris'>;
  readonly usages: readonly string[];
  readonly isCA: boolean;
}

/** The answer of main.go; lists are null when they are empty. */
interface Answer extends Record<
  'Subject' | 'AltNames' | 'Serial' | 'SubjectKeyID' | 'AuthorityKeyID' | 'Error',
  string
> {
  readonly DNSNames: string[] | null;
  readonly EmailAddresses: string[] | null;
  readonly IPAddresses: string[] | null;
  readonly URIs: string[] | null;
  readonly NotBefore: string;
  readonly NotAfter: string;
  readonly IsCA: boolean;
  readonly KeyUsage: number;
}

const text = fc.oneof(
  fc.stringMatching(/^[A-Za-z0-9 '()+,./:=?-]{1,20}$/),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 16 }).filter((value) => value.isWellFormed()),
  fc.constantFrom('*.example.com', 'Jörg', 'a&b', 'a_b@c'),
);
const texts = fc.array(text, { maxLength: 3 });
const wantedArbitrary: fc.Arbitrary<Wanted> = fc.record({
  subject: fc.record({
    commonName: fc.oneof(text, fc.constant('always')),
    serialNumber: fc.oneof(text, fc.constant('')),
    countries: texts,
    organizations: texts,
    organizationalUnits: texts,
    localities: texts,
    provinces: texts,
    streetAddresses: texts,
    postalCodes: texts,
  }),
  names: fc.record({
    dnsNames: fc.array(fc.domain(), { maxLength: 4 }),
    emailAddresses: fc.array(fc.constantFrom('alice@example.com', 'bob@sub.example.org'), { maxLength: 2 }),
    ipAddresses: fc.array(fc.oneof(fc.ipV4(), fc.ipV6()), { maxLength: 3 }),
    uris: fc.array(fc.constantFrom('spiffe://cluster.local/ns/a/sa/b', 'https://example.com/x'), { maxLength: 2 }),
  }),
  usages: fc.subarray([...usageNames].filter((usage) => usage !== 'cert sign')),
  isCA: fc.boolean(),
});

test(
  'Go encodes the same names in the same bytes, and reads and verifies what was issued, 3000 times',
  peer('go'),
  () => {
    const wanted = fc.sample(wantedArbitrary, 3000);
    const authorities = [p256, keySpec('ECDSA', 384), ed25519].map(makeRoot);
    const issued = wanted.map((one, at) => issue(one, authorities[at % authorities.length]!));
    const answers = askOracle(issued.map(({ one, issued, authority }) => caseOf(one, issued, authority)));
    issued.forEach((entry, at) => assertSame(entry.one, entry.issued, answers[at]!));
  },
);

function makeRoot(key: Parameters<typeof issueCertificate>[0]['key']): CertificateAuthority {
  const subject = encodeName(nameFromSubject({ commonName: 'Root' }));
  const order = { key, subject, altNames: [], isCA: true, durationSeconds: 10 * year, withRequest: false } as const;
  const root = issueCertificate({ ...order, ...splitUsages([], true) }, undefined, now);
  return createAuthority([root.issued.certificate], root.key);
}

interface Issued {
  readonly one: Wanted;
  readonly issued: IssuedCertificate;
  readonly authority: CertificateAuthority;
}

function issue(one: Wanted, authority: CertificateAuthority): Issued {
  const order = {
    key: p256,
    subject: encodeName(nameFromSubject(one.subject)),
    altNames: generalNames(one.names),
    ...splitUsages(one.usages, one.isCA),
    isCA: one.isCA,
    durationSeconds: year,
    withRequest: false,
  };
  return { one, issued: issueCertificate(order, authority, now).issued, authority };
}

function caseOf({ subject, names }: Wanted, issued: IssuedCertificate, authority: CertificateAuthority): object {
  return { ...subject, ...names, Certificate: issued.toPEM(), Root: authority.certificate.toPEM(), Now: now };
}

function askOracle(cases: readonly object[]): Answer[] {
  const program = join(folder, 'oracle');
  const source = fileURLToPath(new URL('./main.go', import.meta.url));
  execFileSync(findPeer('go')!, ['build', '-o', program, source], { stdio: ['ignore', 'inherit', 'inherit'] });
  const output = execFileSync(program, { input: JSON.stringify(cases), maxBuffer: 2 ** 28 });
  return JSON.parse(output.toString()) as Answer[];
}

function assertSame(wanted: Wanted, { certificate }: IssuedCertificate, answer: Answer): void {
  const altNames = generalNames(wanted.names);
  const hasNames = altNames.length > 0;
  assert.equal(answer.Error, '');
  assert.equal(hex(certificate.rawSubject), answer.Subject);
  assert.equal(hasNames ? hex(subjectAltNameExtension(altNames, false).value) : '', answer.AltNames);
  const { dnsNames, emailAddresses, ipAddresses, uris } = certificate.subjectAltNames;
  const read = [answer.DNSNames, answer.EmailAddresses, answer.IPAddresses, answer.URIs].map((list) => list ?? []);
  assert.deepEqual([dnsNames, emailAddresses, ipAddresses, uris], read);
  assert.equal(certificate.serialNumber.replace(/^(00)+/, ''), answer.Serial);
  assert.equal(hex(certificate.subjectKeyId!), answer.SubjectKeyID);
  assert.equal(hex(certificate.authorityKeyId!), answer.AuthorityKeyID);
  assert.deepEqual(
    [certificate.notBefore, certificate.notAfter],
    [new Date(answer.NotBefore), new Date(answer.NotAfter)],
  );
  assert.equal(certificate.isCA, answer.IsCA);
  // Go numbers its flags by the positions of the bits.
  assert.equal(
    certificate.keyUsages.reduce((flags, usage) => flags | (1 << keyUsageBits[usage]), 0),
    answer.KeyUsage,
  );
}

function hex(octets: Uint8Array): string {
  return Buffer.from(octets).toString('hex');
}
