import { isConditionTrue, ownerReferenceTo } from '#model/objects';
import { keySpecMismatches } from '#pki/x509';
import type { Certificate, Secret } from '#model/resources';
import { wantedKeySpec } from '../key-spec.ts';
import { encodeText, readKey, rememberKey } from '../material.ts';
import { annotation, secretKey } from '../names.ts';
import { nextRevision } from '../policies/policy.ts';
import { unstored } from '../request-draft.ts';
import type { CertificateSnapshot } from '../snapshot.ts';
import { stableHashText } from '../stable-hash.ts';
import { withStatus } from '../status-change.ts';
import { normal, warning, write } from '../step.ts';
import type { AskStep, Concern, Remark, WriteStep } from '../step.ts';

/** While issuing there is exactly one Secret with the key of the next revision; otherwise there is none. */
export const nextKey: Concern = (snapshot) => {
  const { certificate, nextKeySecrets } = snapshot;
  if (!isConditionTrue(certificate.status?.conditions, 'Issuing')) return dropKeys(snapshot);
  if (nextKeySecrets.length > 1) return replaceKeys(snapshot);
  const [secret] = nextKeySecrets;
  if (secret === undefined) return reuseKey(snapshot) ?? (stalledByKey(snapshot) ? undefined : makeKey(snapshot));
  if (keyProblem(secret, certificate) !== undefined) return replaceKeys(snapshot);
  const { name } = secret.metadata;
  if (certificate.status?.nextPrivateKeySecretName === name) return undefined;
  return write({ certificate: withStatus(certificate, { nextPrivateKeySecretName: name }) });
};

/** The Secret with a sound key for the next revision, once there is one. */
export function nextKeySecret(snapshot: CertificateSnapshot): Secret | undefined {
  const [secret, ...more] = snapshot.nextKeySecrets;
  if (secret === undefined || more.length > 0) return undefined;
  return keyProblem(secret, snapshot.certificate) === undefined ? secret : undefined;
}

function keyProblem(secret: Secret, certificate: Certificate): string | undefined {
  const key = readKey(secret.data?.[secretKey.privateKey]);
  if (!key.ok) return key.problem;
  return keySpecMismatches(key.value.spec, wantedKeySpec(certificate.spec))[0];
}

function dropKeys({ certificate, nextKeySecrets }: CertificateSnapshot): WriteStep | undefined {
  if (nextKeySecrets.length === 0 && certificate.status?.nextPrivateKeySecretName === undefined) return undefined;
  const kept = withStatus(certificate, { nextPrivateKeySecretName: undefined });
  return write({ certificate: kept, nextKeySecrets: [] });
}

function replaceKeys({ nextKeySecrets }: CertificateSnapshot): WriteStep {
  const names = nextKeySecrets.map(({ metadata }) => `"${metadata.name}"`).join(', ');
  const message = `Deleted temporary Secret ${names}: its private key does not fit the Certificate`;
  return write({ nextKeySecrets: [] }, normal('Deleted', message));
}

/** Rotation policy Never keeps the key that the Secret has, as long as it fits. */
function reuseKey(snapshot: CertificateSnapshot): WriteStep | undefined {
  const { certificate, secret } = snapshot;
  const stored = secret?.data?.[secretKey.privateKey];
  if (certificate.spec.privateKey?.rotationPolicy !== 'Never' || !stored) return undefined;
  const key = readKey(stored);
  if (!key.ok || mismatches(snapshot).length > 0) return undefined;
  const message = `Reusing private key stored in existing Secret resource "${certificate.spec.secretName}"`;
  return storeKey(snapshot, key.value.toPEM('PKCS8'), normal('Reused', message));
}

function makeKey(snapshot: CertificateSnapshot): AskStep<'make-key'> {
  const key = wantedKeySpec(snapshot.certificate.spec);
  return {
    do: 'ask',
    task: { task: 'make-key', key },
    answer: ({ pems, spki }) => {
      rememberKey(key, spki, pems);
      return storeKey(snapshot, pems.PKCS8, ...undecodable(snapshot));
    },
  };
}

/** The name depends on nothing but the revision, so that a loop killed in between finds its key again. */
function storeKey(snapshot: CertificateSnapshot, privateKeyPEM: string, ...remarks: Remark[]): WriteStep {
  const { certificate } = snapshot;
  const { metadata } = certificate;
  const place = stableHashText(
    `${metadata.uid}/${nextRevision(snapshot)}/${certificate.status?.failedIssuanceAttempts ?? 0}`,
  );
  const name = `${metadata.name.slice(0, 240)}-${place}`;
  const secret: Secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      ...unstored,
      name,
      ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
      labels: { [annotation.nextPrivateKeyLabel]: 'true', [annotation.managedLabel]: 'true' },
      ownerReferences: [ownerReferenceTo(certificate)],
    },
    type: 'Opaque',
    data: { [secretKey.privateKey]: encodeText(privateKeyPEM) },
  };
  const stored = normal('Generated', `Stored new private key in temporary Secret resource "${name}"`);
  const next = withStatus(certificate, { nextPrivateKeySecretName: name });
  return write({ nextKeySecrets: [secret], certificate: next }, ...remarks, stored);
}

/** A stored key that does not fit may not be replaced under the policy Never: the issuance waits for the user. */
export function stalledByKey(snapshot: CertificateSnapshot): Remark | undefined {
  const { certificate, secret, nextKeySecrets } = snapshot;
  const issuing = isConditionTrue(certificate.status?.conditions, 'Issuing');
  if (!issuing || nextKeySecrets.length > 0 || certificate.spec.privateKey?.rotationPolicy !== 'Never')
    return undefined;
  const fields = mismatches(snapshot);
  if (!secret?.data?.[secretKey.privateKey] || fields.length === 0) return undefined;
  return warning(
    'CannotRegenerateKey',
    `User intervention required: existing private key in Secret "${certificate.spec.secretName}" does not match requirements ` +
      `on Certificate resource, mismatching fields: [${fields.join(' ')}], but cert-manager cannot create new private key as ` +
      "the Certificate's .spec.privateKey.rotationPolicy is unset or set to Never. To allow cert-manager to create a new " +
      "private key you can set .spec.privateKey.rotationPolicy to 'Always' (this will result in the private key being " +
      'regenerated every time a cert is renewed)',
  );
}

function mismatches({ certificate, secret }: CertificateSnapshot): string[] {
  const key = readKey(secret?.data?.[secretKey.privateKey]);
  return key.ok ? keySpecMismatches(key.value.spec, wantedKeySpec(certificate.spec)) : [];
}

function undecodable({ certificate, secret }: CertificateSnapshot): Remark[] {
  const stored = secret?.data?.[secretKey.privateKey];
  if (certificate.spec.privateKey?.rotationPolicy !== 'Never' || !stored) return [];
  const key = readKey(stored);
  return key.ok
    ? []
    : [
        warning(
          'DecodeFailed',
          `Failed to decode private key stored in Secret "${certificate.spec.secretName}" - generating new key`,
        ),
      ];
}
