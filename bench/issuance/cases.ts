import { ed25519, encodeName, formatKeySpec, generateKey, nameFromSubject, p256, rsa2048 } from '#pki/x509';
import type { KeySpec } from '#pki/x509';
import { createAuthority, issueCertificate } from '#pki/issuance';
import type { CertificateAuthority } from '#pki/issuance';

/** One kind of key: end-entity certificates of it are issued below a CA of the same kind. */
export interface Case {
  readonly spec: KeySpec;
  readonly name: string;
  /** Slow keys need longer rounds. */
  readonly secondsPerRound: number;
}

export const cases: readonly Case[] = [
  { spec: p256, name: formatKeySpec(p256), secondsPerRound: 1 },
  { spec: ed25519, name: formatKeySpec(ed25519), secondsPerRound: 1 },
  { spec: rsa2048, name: formatKeySpec(rsa2048), secondsPerRound: 3 },
];

/** What every contender puts into a certificate, so that they do the same work. */
export const wanted = {
  commonName: 'api.example.com',
  dnsNames: ['api.example.com', 'api', 'api.apic.svc'],
  ipAddresses: ['10.20.30.40'],
  days: 90,
} as const;

/** A self-signed CA of the case's kind of key. */
export function makeAuthority(spec: KeySpec): CertificateAuthority {
  const key = generateKey(spec);
  const order = {
    key,
    subject: encodeName(nameFromSubject({ commonName: 'Bench CA' })),
    altNames: [],
    keyUsages: ['digital signature', 'cert sign'],
    extendedKeyUsages: [],
    isCA: true,
    durationSeconds: 365 * 24 * 3600,
    withRequest: false,
  } as const;
  return createAuthority([issueCertificate(order, undefined, new Date()).issued.certificate], key);
}
