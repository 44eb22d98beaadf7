import { createAuthority, issueCertificate } from '#pki/issuance';
import type { CertificateAuthority } from '#pki/issuance';
import { writeKeystoreMaterial } from '#pki/material';
import type { WrittenFormat } from '#pki/material';
import { encodeName, formatPEM, generateKey, nameFromSubject, noSubtrees, p256, parseCertificatesPEM } from '#pki/x509';
import type { Certificate, KeySpec, PrivateKey } from '#pki/x509';
import { context } from './test-objects.ts';

/** Certificates and keystores as users upload them, made at the instant of the test context. */

export interface Pair {
  readonly key: PrivateKey;
  readonly certificate: Certificate;
  readonly pem: string;
}

interface Wish {
  readonly name: string;
  readonly issuer?: Pair;
  readonly isCA?: boolean;
  readonly days?: number;
  readonly at?: Date;
  readonly key?: KeySpec | PrivateKey;
  readonly hosts?: readonly string[];
  readonly excluded?: readonly string[];
}

const secondsPerDay = 86_400;

export const daysAgo = (days: number): Date => new Date(context.now.getTime() - days * secondsPerDay * 1000);

/** A certificate that `issuer` signed, or its own key. */
export function make(wish: Wish): Pair {
  const { name, issuer, isCA = false, days = 90, at = context.now, key = p256, hosts = [], excluded } = wish;
  const authority: CertificateAuthority | undefined = issuer && createAuthority([issuer.certificate], issuer.key);
  const order = {
    key,
    subject: encodeName(nameFromSubject({ commonName: name })),
    altNames: hosts.map((value) => ({ type: 'dns', value }) as const),
    keyUsages: isCA ? (['cert sign'] as const) : (['digital signature'] as const),
    extendedKeyUsages: [],
    isCA,
    durationSeconds: days * secondsPerDay,
    mayOutliveIssuer: true,
    withRequest: false,
    ...(excluded && {
      nameConstraints: { critical: true, permitted: noSubtrees, excluded: { ...noSubtrees, dnsDomains: excluded } },
    }),
  };
  const made = issueCertificate(order, authority, at);
  const [certificate] = parseCertificatesPEM(made.issued.toPEM());
  return { key: made.key, certificate: certificate!, pem: formatPEM('CERTIFICATE', certificate!.der) };
}

/** CAs one below the other, the root first; the last can sign. */
export function ladder(length: number): Pair[] {
  const made: Pair[] = [];
  for (let step = 0; step < length; step += 1) {
    const issuer = made.at(-1);
    made.push(make({ name: `ca-${step}`, isCA: true, days: 365, ...(issuer && { issuer }) }));
  }
  return made;
}

/** Two CAs, each of which signed the other. */
export function circle(): readonly [Pair, Pair] {
  const [one, other] = [generateKey(p256), generateKey(p256)];
  const root = make({ name: 'one', isCA: true, key: one });
  const second = make({ name: 'other', isCA: true, key: other, issuer: root });
  return [make({ name: 'one', isCA: true, key: one, issuer: second }), second];
}

const random = (size: number): Uint8Array => Uint8Array.from({ length: size }, (_, index) => index + 1);

/** A keystore file in base64. */
export function keystoreFile(format: WrittenFormat, { key, certificate }: Pair, password: string): string {
  const entry = { alias: 'own', key, certificate, chain: [certificate] };
  const [file] = writeKeystoreMaterial([entry], { format, password, random, now: context.now });
  return Buffer.from(file!.bytes).toString('base64');
}
