import type { Secret } from '#model/resources';
import { keystoreFiles } from '../keystore-wishes.ts';
import { sameMembers } from '../members.ts';
import { ownedKeys } from '../merge-secret.ts';
import { annotation, secretKey } from '../names.ts';
import type { SecretConfig } from '../secret-config.ts';
import type { CertificateSpec } from '#model/resources';
import type { Violation } from './policy.ts';

/** What a Secret that needs no new certificate is compared with. */
export interface WrittenSecret {
  readonly spec: CertificateSpec;
  readonly secret: Secret;
  /** What we would apply now; its keystores are those that are there. */
  readonly wanted: SecretConfig;
}

type Check = (written: WrittenSecret) => Violation | undefined;

/** Checks after issuance, in order: a violation writes the Secret again, with the same key and certificate. */
const checks: readonly Check[] = [baseLabels, details, template, ownedMetadata, outputs, owners, keystores];

export function postIssuanceViolation(written: WrittenSecret): Violation | undefined {
  for (const check of checks) {
    const violation = check(written);
    if (violation !== undefined) return violation;
  }
  return undefined;
}

function baseLabels({ secret }: WrittenSecret): Violation | undefined {
  if (secret.metadata.labels?.[annotation.managedLabel] === 'true') return undefined;
  return { reason: 'SecretManagedMetadataMismatch', message: 'Missing base label on Secret' };
}

/** The annotations that tell of certificate and issuer. */
function details({ spec, secret, wanted }: WrittenSecret): Violation | undefined {
  const template = spec.secretTemplate?.annotations ?? {};
  const ours = Object.entries(wanted.annotations).filter(([key]) => !(key in template));
  const wrong = ours.filter(([key, value]) => secret.metadata.annotations?.[key] !== value).map(([key]) => key);
  if (wrong.length === 0) return undefined;
  return {
    reason: 'SecretManagedMetadataMismatch',
    message: `Secret's annotations are not up to date: [${wrong.join(' ')}]`,
  };
}

function template({ spec, secret }: WrittenSecret): Violation | undefined {
  const { labels = {}, annotations = {} } = spec.secretTemplate ?? {};
  const { metadata } = secret;
  if (holds(metadata.labels, labels) && holds(metadata.annotations, annotations)) return undefined;
  return { reason: 'SecretTemplateMismatch', message: "Certificate's SecretTemplate doesn't match Secret" };
}

/** What we own and no longer want must go; what we want must be ours, or another's change of it would last. */
function ownedMetadata({ secret, wanted }: WrittenSecret): Violation | undefined {
  const owned = ownedKeys(secret);
  const same =
    sameMembers(owned.labels, Object.keys(wanted.labels)) &&
    sameMembers(owned.annotations, Object.keys(wanted.annotations));
  if (same) return undefined;
  return {
    reason: 'SecretTemplateMismatch',
    message: "Certificate's SecretTemplate doesn't match Secret's managed fields",
  };
}

function outputs({ secret, wanted }: WrittenSecret): Violation | undefined {
  const owned = ownedKeys(secret);
  for (const key of [secretKey.keyDER, secretKey.combinedPEM]) {
    const value = wanted.data[key];
    const isOwned = owned.data.includes(key);
    if (value === undefined ? isOwned : secret.data?.[key] !== value || !isOwned) {
      return {
        reason: 'AdditionalOutputFormatsMismatch',
        message: "Certificate's AdditionalOutputFormats doesn't match Secret Data",
      };
    }
  }
  return undefined;
}

function owners({ secret, wanted }: WrittenSecret): Violation | undefined {
  const there = (secret.metadata.ownerReferences ?? []).map(({ uid }) => uid);
  const wants = wanted.ownerReferences.map(({ uid }) => uid);
  const unwanted = ownedKeys(secret).ownerUids.filter((uid) => !wants.includes(uid));
  if (wants.every((uid) => there.includes(uid)) && unwanted.length === 0) return undefined;
  return { reason: 'SecretOwnerRefMismatch', message: 'Secret owner reference does not match the Certificate' };
}

/** Presence only: a password that was changed shows nowhere in the Secret. */
function keystores({ spec, secret }: WrittenSecret): Violation | undefined {
  const wanted = keystoreFiles(spec, Boolean(secret.data?.[secretKey.ca]));
  const missing = wanted.find((file) => !secret.data?.[file]);
  if (missing !== undefined)
    return { reason: 'SecretMismatch', message: `Keystore key "${missing}" does not contain data` };
  const all = [secretKey.jksKeystore, secretKey.jksTruststore, secretKey.pkcs12Keystore, secretKey.pkcs12Truststore];
  const owned = ownedKeys(secret).data;
  const left = all.find((file) => owned.includes(file) && !wanted.includes(file));
  return left === undefined
    ? undefined
    : { reason: 'SecretMismatch', message: `Keystore key "${left}" is no longer wanted` };
}

function holds(actual: Readonly<Record<string, string>> = {}, wanted: Readonly<Record<string, string>>): boolean {
  return Object.entries(wanted).every(([key, value]) => actual[key] === value);
}
