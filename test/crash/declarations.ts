import type { Draft, Json } from '#model/objects';
import type { Seeded } from './seeded.ts';

export const namespace = 'crash';

type Spec = { [key: string]: Json | undefined };

export function draft(kind: string, name: string, content: Json): Draft {
  const metadata = { name, namespace };
  if (kind === 'ConfigMap') return { apiVersion: 'v1', kind, metadata, data: content } as Draft;
  return { apiVersion: 'cert-manager.io/v1', kind, metadata, spec: content } as Draft;
}

/** Roots of two kinds of key and an intermediate, with an issuer each. */
export const foundation: readonly Draft[] = [
  draft('Issuer', 'selfsigned', { selfSigned: {} }),
  ...authority('ca-ecdsa', 'selfsigned', { algorithm: 'ECDSA', size: 256 }),
  ...authority('ca-rsa', 'selfsigned', { algorithm: 'RSA', size: 2048 }),
  ...authority('ca-inner', 'ca-ecdsa', { algorithm: 'ECDSA', size: 384 }),
];

export const lastingIssuers = ['ca-ecdsa', 'ca-rsa', 'ca-inner', 'selfsigned'];

/** A CA certificate and an issuer of the same name that signs with it. */
export function authority(name: string, issuer: string, privateKey: Spec): [Draft, Draft] {
  const spec = {
    isCA: true,
    commonName: name,
    secretName: name,
    duration: '87600h',
    privateKey,
    usages: ['cert sign', 'crl sign', 'digital signature'],
    issuerRef: { name: issuer },
  };
  return [draft('Certificate', name, spec), draft('Issuer', name, { ca: { secretName: name } })];
}

export function leafSpec(name: string, issuer: string, random: Seeded): Spec {
  const privateKey = random.chance(0.08) ? { algorithm: 'RSA', size: 2048 } : { algorithm: 'ECDSA', size: 256 };
  return {
    secretName: name,
    commonName: name,
    dnsNames: [`${name}.crash.svc`],
    duration: '2160h',
    privateKey: { ...privateKey, rotationPolicy: random.pick(['Always', 'Never']) },
    issuerRef: { kind: 'Issuer', name: issuer },
  };
}

/** The spec with one change: of names, which asks for a new certificate, or of what only the Secret shows. */
export function changedSpec(spec: Spec, serial: number, random: Seeded): Spec {
  if (random.chance(0.3)) return { ...spec, secretTemplate: { labels: { serial: `${serial}` } } };
  const dnsNames = spec['dnsNames'] as string[];
  return { ...spec, dnsNames: [dnsNames[0]!, `change-${serial}.crash.svc`] };
}
