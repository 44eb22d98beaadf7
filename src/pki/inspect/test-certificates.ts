import * as crypto from 'node:crypto';
import * as x509 from '#pki/x509';
import type { Extension, PrivateKey } from '#pki/x509';

/** Certificates as wrong as a test wants them: nothing here is linted. */
export interface Wanted {
  readonly name?: string;
  /** Its own key when left out. */
  readonly issuer?: Made;
  readonly key?: PrivateKey;
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  readonly extensions?: readonly Extension[];
  readonly version?: 1 | 3;
  /** Signs with a digest that is not named in x509: `sha1`. */
  readonly digest?: string;
}

export interface Made {
  readonly der: Uint8Array;
  readonly pem: string;
  readonly key: PrivateKey;
  readonly name: Uint8Array;
  readonly keyId: Uint8Array;
}

export const now = new Date('2026-06-15T12:00:00Z');

export function daysFromNow(days: number): Date {
  return new Date(now.getTime() + days * 86_400_000);
}

export function make(wanted: Wanted = {}): Made {
  const key = wanted.key ?? x509.generateKey(x509.p256);
  const keyId = x509.keyIdentifier(key.spki);
  const name = x509.encodeName(x509.parseNameText(`CN=${wanted.name ?? 'leaf'},O=Test`));
  const self = { key, name, keyId };
  const der = sign(wanted, self, wanted.issuer ?? self);
  return { ...self, der, pem: x509.formatPEM('CERTIFICATE', der) };
}

type Party = Pick<Made, 'key' | 'name' | 'keyId'>;

function sign(wanted: Wanted, self: Party, issuer: Party): Uint8Array {
  const algorithm = algorithmOf(issuer.key, wanted.digest);
  const validity = x509.sequence(
    x509.time(wanted.notBefore ?? daysFromNow(-100)),
    x509.time(wanted.notAfter ?? daysFromNow(265)),
  );
  const body = [x509.integer(7), algorithm, issuer.name, validity, self.name, self.key.spki];
  const extensions = x509.encodeExtensions(wanted.extensions ?? leafExtensions(self.key, issuer.keyId));
  const tbs =
    wanted.version === 1
      ? x509.sequence(...body)
      : x509.sequence(x509.explicit(0, x509.integer(2)), ...body, x509.explicit(3, extensions));
  const signature = crypto.sign(wanted.digest ?? 'sha256', tbs, issuer.key.keyObject);
  return x509.sequence(tbs, algorithm, x509.bitString(signature));
}

function algorithmOf(key: PrivateKey, digest: string | undefined): Uint8Array {
  if (digest === 'sha1') return x509.sequence(x509.oid('1.2.840.10045.4.1'));
  return x509.algorithmIdentifier(key.spec.algorithm === 'RSA' ? 'SHA256WithRSA' : 'ECDSAWithSHA256');
}

export function leafExtensions(key: PrivateKey, issuerKeyId: Uint8Array): Extension[] {
  return [
    x509.basicConstraintsExtension({ isCA: false }),
    x509.extendedKeyUsageExtension(['server auth']),
    x509.subjectAltNameExtension([{ type: 'dns', value: 'example.com' }], false),
    x509.subjectKeyIdExtension(x509.keyIdentifier(key.spki)),
    x509.authorityKeyIdExtension(issuerKeyId),
  ];
}

export function makeCA(wanted: Wanted & { readonly pathLength?: number } = {}): Made {
  const key = wanted.key ?? x509.generateKey(x509.p256);
  const keyId = x509.keyIdentifier(key.spki);
  const limit = wanted.pathLength === undefined ? {} : { pathLength: wanted.pathLength };
  const extensions = [
    x509.basicConstraintsExtension({ isCA: true, ...limit }),
    x509.keyUsageExtension(['cert sign', 'crl sign']),
    x509.subjectKeyIdExtension(keyId),
    x509.authorityKeyIdExtension(wanted.issuer?.keyId ?? keyId),
  ];
  return make({ name: 'root', notAfter: daysFromNow(3000), extensions, ...wanted, key });
}
