import { isConditionTrue } from '#model/objects';
import type { Secret } from '#model/resources';
import { completeIssuerRef } from '../issuer-ref.ts';
import { keystoreFiles, keystoreWishes } from '../keystore-wishes.ts';
import { decodeText } from '../material.ts';
import { annotation, secretKey } from '../names.ts';
import { usabilityChain } from '../policies/chains.ts';
import { firstViolation } from '../policies/policy.ts';
import { postIssuanceViolation } from '../policies/post-issuance.ts';
import { secretConfig } from '../secret-config.ts';
import type { SecretMaterial } from '../secret-config.ts';
import { ownsSecret } from '../secret-owner.ts';
import type { CertificateSnapshot } from '../snapshot.ts';
import { write } from '../step.ts';
import type { Concern } from '../step.ts';
import { storeSecret } from '../store-secret.ts';

/** Between issuances, keeps everything in the Secret but key and certificate as the spec says. */
export const keepSecret: Concern = (snapshot) => {
  const { certificate, secret, settings } = snapshot;
  // A Secret that was decided on and not stored yet is as the spec says.
  if (secret === undefined || snapshot.secretConfig !== undefined) return undefined;
  if (isConditionTrue(certificate.status?.conditions, 'Issuing')) return undefined;
  if (certificate.status?.revision === undefined || !isOurs(snapshot, secret)) return undefined;
  const material = storedMaterial(secret);
  const keystores = storedKeystores(snapshot, secret);
  const wanted = secretConfig(certificate, secret, material, keystores, settings);
  if (postIssuanceViolation({ spec: certificate.spec, secret, wanted }) === undefined) return undefined;
  const complete = keystoresAreThere(snapshot, secret) || !Array.isArray(keystoreWishes(snapshot));
  return storeSecret(snapshot, material, (change) => write(change), complete ? { keystores } : {});
};

function isOurs(snapshot: CertificateSnapshot, secret: Secret): boolean {
  const name = secret.metadata.annotations?.[annotation.certificateName];
  const isForeign = name !== undefined && name !== snapshot.certificate.metadata.name;
  return !isForeign && ownsSecret(snapshot) && firstViolation(usabilityChain, snapshot) === undefined;
}

function storedMaterial({ data = {}, metadata }: Secret): SecretMaterial {
  const annotations = metadata.annotations ?? {};
  const name = annotations[annotation.issuerName];
  return {
    privateKeyPEM: decodeText(data[secretKey.privateKey] ?? ''),
    chainPEM: decodeText(data[secretKey.certificate] ?? ''),
    caPEM: decodeText(data[secretKey.ca] ?? ''),
    issuer:
      name === undefined
        ? undefined
        : completeIssuerRef({
            name,
            kind: annotations[annotation.issuerKind],
            group: annotations[annotation.issuerGroup],
          }),
  };
}

/** The keystores that are there and still wanted. */
function storedKeystores({ certificate }: CertificateSnapshot, { data = {} }: Secret): Record<string, string> {
  const wanted = keystoreFiles(certificate.spec, Boolean(data[secretKey.ca]));
  return Object.fromEntries(wanted.flatMap((file) => (data[file] ? [[file, data[file]]] : [])));
}

function keystoresAreThere({ certificate }: CertificateSnapshot, { data = {} }: Secret): boolean {
  return keystoreFiles(certificate.spec, Boolean(data[secretKey.ca])).every((file) => Boolean(data[file]));
}
