import {
  bitString,
  encode,
  encodeName,
  encodeExtensions,
  explicit,
  generateKey,
  integer,
  nameFromSubject,
  p256,
  parseCertificate,
  sequence,
  signBytes,
  algorithmIdentifier,
  defaultSignatureAlgorithm,
  basicConstraintsExtension,
  keyUsageExtension,
  time,
} from '../index.ts';
import type { Certificate, Extension, KeyUsage, PrivateKey } from '../index.ts';

/** What a test certificate shall be; nothing is checked, so that wrong ones can be made. */
export interface FixtureOptions {
  readonly subject: string;
  readonly key?: PrivateKey;
  /** Left out: signs itself. */
  readonly issuer?: Fixture;
  readonly isCA?: boolean;
  readonly pathLength?: number;
  readonly keyUsages?: readonly KeyUsage[];
  readonly extensions?: readonly Extension[];
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  readonly serial?: number | bigint;
  /** The key that really signs, when it is not the issuer's. */
  readonly signer?: PrivateKey;
}

export interface Fixture {
  readonly certificate: Certificate;
  readonly key: PrivateKey;
}

export const fixtureStart = new Date('2026-01-01T00:00:00Z');
export const fixtureEnd = new Date('2036-01-01T00:00:00Z');
export const fixtureNow = new Date('2030-01-01T00:00:00Z');
let nextSerial = 1;

export function makeCertificate(options: FixtureOptions): Fixture {
  const key = options.key ?? generateKey(p256);
  return { certificate: parseCertificate(encodeCertificate(options, key)), key };
}

/** A CA with the usual extensions. */
export function makeCA(subject: string, issuer?: Fixture, more: Partial<FixtureOptions> = {}): Fixture {
  const usages: KeyUsage[] = ['cert sign', 'crl sign'];
  return makeCertificate({ subject, isCA: true, keyUsages: usages, ...(issuer ? { issuer } : {}), ...more });
}

function encodeCertificate(options: FixtureOptions, key: PrivateKey): Uint8Array {
  const signer = options.signer ?? options.issuer?.key ?? key;
  const algorithm = defaultSignatureAlgorithm(signer.spec);
  const tbs = encodeTBS(options, key, algorithmIdentifier(algorithm));
  return sequence(tbs, algorithmIdentifier(algorithm), bitString(signBytes(tbs, signer.keyObject, algorithm)));
}

function encodeTBS(options: FixtureOptions, key: PrivateKey, algorithm: Uint8Array): Uint8Array {
  const subject = encodeName(nameFromSubject({ commonName: options.subject }));
  return sequence(
    explicit(0, integer(2)),
    integer(options.serial ?? nextSerial++),
    algorithm,
    options.issuer?.certificate.rawSubject ?? subject,
    sequence(time(options.notBefore ?? fixtureStart), time(options.notAfter ?? fixtureEnd)),
    subject,
    key.spki,
    encode(0xa3, encodeExtensions(extensionsOf(options))),
  );
}

function extensionsOf({ isCA, pathLength, keyUsages, extensions = [] }: FixtureOptions): Extension[] {
  const limit = pathLength === undefined ? {} : { pathLength };
  return [
    ...(isCA === undefined ? [] : [basicConstraintsExtension({ isCA, ...limit })]),
    ...(keyUsages === undefined ? [] : [keyUsageExtension(keyUsages)]),
    ...extensions,
  ];
}
