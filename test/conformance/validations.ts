import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey, X509Certificate, type KeyObject } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { isIPv6 } from 'node:net';
import { join } from 'node:path';
import { parseGoDuration } from '#model/resources';
import type { IssuerSuite } from './issuers.ts';
import { openssl, type OpensslReport } from './openssl.ts';
import { textOf, type IssuedCertificate } from './subject.ts';

/** A certificate, what openssl says of it, and by whom it should have been issued. */
export interface Evidence {
  readonly issued: IssuedCertificate;
  readonly report: OpensslReport;
  readonly suite: IssuerSuite;
  /** Where files for openssl may be put. */
  readonly folder: string;
}

type Validation = (evidence: Evidence) => void | Promise<void>;

const defaultDuration = '2160h';
const durationToleranceSeconds = 30;

/** What test/e2e/framework/helper/validation of cert-manager expects of every certificate, under the same names. */
export const defaultValidations: Readonly<Record<string, Validation>> = {
  CertificateDNSNamesToMatch: expectNames('DNS', ({ dnsNames }) => dnsNames),
  CertificateURIsToMatch: expectNames('URI', ({ uris }) => uris),
  EmailsToMatch: expectNames('email', ({ emailAddresses }) => emailAddresses),
  CertificateIPsToMatch: expectNames('IP Address', ({ ipAddresses }) => ipAddresses?.map(asOpensslWrites)),

  CertificateOrganizationToMatch: ({ issued, report }) => {
    if (issued.certificate.spec.literalSubject !== undefined) return;
    const found = [...report.subject.matchAll(/(?:^|[,+])O=([^,+]*)/g)].map((match) => match[1]);
    assert.deepEqual(found, issued.certificate.spec.subject?.organizations ?? []);
  },

  ValidCommonName: ({ issued, report }) => {
    const { literalSubject, commonName } = issued.certificate.spec;
    if (literalSubject !== undefined) return;
    assert.equal(/(?:^|[,+])CN=([^,+]*)/.exec(report.subject)?.[1], commonName);
  },

  ValidCertificate: ({ issued, report }) => {
    assert.equal(new X509Certificate(issued.chain[0]!).validFromDate.getTime(), report.notBefore.getTime());
  },

  ValidPrivateKeyData: ({ issued, report }) => {
    const { algorithm = 'RSA', size, encoding = 'PKCS1' } = issued.certificate.spec.privateKey ?? {};
    const key = createPrivateKey(issued.keyPEM);
    assert.deepEqual(spki(createPublicKey(key)), spki(new X509Certificate(issued.chain[0]!).publicKey));
    assert.equal(key.asymmetricKeyType, { RSA: 'rsa', ECDSA: 'ec', Ed25519: 'ed25519' }[algorithm]);
    assert.match(issued.keyPEM, new RegExp(`^-----BEGIN ${pemLabel(algorithm, encoding)}-----`));
    const bits = { RSA: size ?? 2048, ECDSA: size ?? 256, Ed25519: undefined }[algorithm];
    if (bits !== undefined) assert.ok(report.publicKey.endsWith(`(${bits} bit)`), report.publicKey);
  },

  ValidBasicConstraints: ({ issued, report }) => {
    const isCA = issued.certificate.spec.isCA === true;
    const expected = { critical: true, text: isCA ? 'CA:TRUE' : 'CA:FALSE' };
    assert.deepEqual(report.extensions.get('X509v3 Basic Constraints'), expected);
  },

  ValidNotAfterDate: ({ issued, report }) => {
    assert.equal(issued.certificate.status?.notAfter, isoSeconds(report.notAfter));
    assert.equal(issued.certificate.status?.notBefore, isoSeconds(report.notBefore));
  },

  DurationToMatch: ({ issued, report }) => {
    const wanted = parseGoDuration(issued.certificate.spec.duration ?? defaultDuration) / 1000;
    const seconds = (report.notAfter.getTime() - report.notBefore.getTime()) / 1000;
    assert.ok(Math.abs(seconds - wanted) <= durationToleranceSeconds, `${seconds} s instead of ${wanted} s`);
  },

  ValidKeysInSecret: ({ issued }) => {
    for (const key of ['tls.key', 'tls.crt', 'ca.crt']) assert.notEqual(textOf(issued.secret, key), '', key);
    assert.equal(issued.secret.type, 'kubernetes.io/tls');
  },

  ValidAnnotations: ({ issued, suite }) => {
    const annotations = issued.secret.metadata.annotations ?? {};
    assert.equal(annotations['cert-manager.io/certificate-name'], issued.certificate.metadata.name);
    assert.equal(annotations['cert-manager.io/issuer-name'], suite.ref.name);
    assert.equal(annotations['cert-manager.io/issuer-kind'], suite.ref.kind ?? 'Issuer');
    assert.equal(annotations['cert-manager.io/issuer-group'], suite.ref.group ?? 'cert-manager.io');
    assert.equal(annotations['cert-manager.io/alt-names'], (issued.certificate.spec.dnsNames ?? []).join(','));
  },

  ValidAdditionalOutputFormats: ({ issued }) => {
    const types = (issued.certificate.spec.additionalOutputFormats ?? []).map(({ type }) => type);
    assert.equal('key.der' in issued.secret.data!, types.includes('DER'));
    assert.equal('tls-combined.pem' in issued.secret.data!, types.includes('CombinedPEM'));
  },

  ConditionReadyObservedGeneration: ({ issued }) => {
    const ready = issued.certificate.status?.conditions?.find(({ type }) => type === 'Ready');
    assert.equal(ready?.observedGeneration, issued.certificate.metadata.generation);
  },

  CorrectTrustChain: async ({ issued, suite, folder }) => {
    assert.equal(issued.chain.length, suite.chainLength);
    await verifyByOpenssl(issued, folder);
  },

  CARootCertificate: ({ issued, suite }) => {
    const ca = new X509Certificate(issued.caPEM);
    assert.equal(ca.issuer, ca.subject);
    assert.ok(ca.verify(ca.publicKey));
    if (suite.selfSigned) assert.equal(issued.caPEM, issued.chain[0]);
  },
};

/** Verifies as a client that trusts `ca.crt` alone and is shown `tls.crt`. Fails with what openssl says. */
export async function verifyByOpenssl({ certificate, chain, caPEM }: IssuedCertificate, folder: string): Promise<void> {
  const file = (part: string, text: string): string => {
    const path = join(folder, `${certificate.metadata.name}.${part}`);
    writeFileSync(path, text);
    return path;
  };
  const trust = [
    '-x509_strict',
    '-no-CApath',
    '-no-CAstore',
    '-CAfile',
    file('ca', caPEM),
    '-untrusted',
    file('chain', chain.join('')),
  ];
  const [name] = certificate.spec.dnsNames ?? [];
  const host = name === undefined ? [] : ['-verify_hostname', name.replace('*', 'any')];
  await openssl('verify', ...trust, ...host, file('leaf', chain[0]!));
}

function expectNames(
  label: string,
  wanted: (spec: IssuedCertificate['certificate']['spec']) => readonly string[] | undefined,
): Validation {
  return ({ issued, report }) => {
    const found = report.altNames.filter((name) => name.startsWith(`${label}:`));
    const expected = (wanted(issued.certificate.spec) ?? []).map((name) => `${label}:${name}`);
    assert.deepEqual(found.toSorted(), expected.toSorted());
  };
}

/** openssl writes IPv6 addresses in upper case and without `::`. */
function asOpensslWrites(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = '', tail = ''] = address.split('::');
  const missing = 8 - groups(head).length - groups(tail).length;
  const all = [...groups(head), ...Array.from({ length: missing }, () => '0'), ...groups(tail)];
  return all.map((group) => group.toUpperCase()).join(':');
}

function groups(text: string): string[] {
  return text === '' ? [] : text.split(':');
}

function spki(key: KeyObject): Buffer {
  return key.export({ type: 'spki', format: 'der' });
}

function pemLabel(algorithm: string, encoding: string): string {
  if (encoding === 'PKCS8' || algorithm === 'Ed25519') return 'PRIVATE KEY';
  return algorithm === 'RSA' ? 'RSA PRIVATE KEY' : 'EC PRIVATE KEY';
}

function isoSeconds(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}
