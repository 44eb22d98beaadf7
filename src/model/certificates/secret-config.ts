import { ownerReferenceTo } from '#model/objects';
import type { OwnerReference } from '#model/objects';
import type { Certificate, Secret } from '#model/resources';
import { additionalOutputs } from './additional-outputs.ts';
import { completeIssuerRef } from './issuer-ref.ts';
import type { IssuerRef } from './issuer-ref.ts';
import { encodeText } from './material.ts';
import { annotation, secretKey } from './names.ts';
import type { CertificateSettings } from './settings.ts';
import { x509Annotations } from './x509-annotations.ts';

/** What is applied to the Secret of a Certificate: these fields are ours, all others are not touched. */
export interface SecretConfig {
  readonly type: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Base64 by key. */
  readonly data: Readonly<Record<string, string>>;
  readonly ownerReferences: readonly OwnerReference[];
}

/** Key and certificates, PEM. */
export interface SecretMaterial {
  readonly privateKeyPEM: string;
  readonly chainPEM: string;
  /** Empty when the issuer's CA is not known. */
  readonly caPEM: string;
  /** Who issued it; left out for a temporary certificate, which nobody did. */
  readonly issuer?: IssuerRef | undefined;
}

/** The Secret as it should be. `keystores`: their bytes in base64, by key of the Secret. */
export function secretConfig(
  certificate: Certificate,
  existing: Secret | undefined,
  material: SecretMaterial,
  keystores: Readonly<Record<string, string>>,
  settings: CertificateSettings,
): SecretConfig {
  const { metadata, spec } = certificate;
  const chain = encodeText(material.chainPEM);
  return {
    // The type of a Secret cannot be changed, and one that was there before is as good.
    type: existing?.type ?? 'kubernetes.io/tls',
    labels: { ...spec.secretTemplate?.labels, [annotation.managedLabel]: 'true' },
    annotations: {
      ...spec.secretTemplate?.annotations,
      [annotation.certificateName]: metadata.name,
      ...issuerAnnotations(material.issuer),
      ...x509Annotations(chain),
    },
    data: {
      [secretKey.privateKey]: encodeText(material.privateKeyPEM),
      [secretKey.certificate]: chain,
      ...(material.caPEM === '' ? {} : { [secretKey.ca]: encodeText(material.caPEM) }),
      ...additionalOutputs(spec, material.privateKeyPEM, material.chainPEM),
      ...keystores,
    },
    ownerReferences: settings.ownSecrets ? [ownerReferenceTo(certificate)] : [],
  };
}

function issuerAnnotations(issuer: IssuerRef | undefined): Record<string, string> {
  if (issuer === undefined) return {};
  const { name, kind, group } = completeIssuerRef(issuer);
  return { [annotation.issuerName]: name, [annotation.issuerKind]: kind, [annotation.issuerGroup]: group };
}
