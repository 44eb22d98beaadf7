import type { FieldError } from '#model/objects';
import { readKeystoreMaterial, readTruststoreMaterial } from '#pki/material';
import type { Finding, MaterialFile, MaterialOptions } from '#pki/material';
import { materialSecretTypes } from '../annotations.ts';
import type { Secret } from '../secret.ts';
import { sameValues } from './config-map.ts';
import { forbidden, invalid, required } from './field-errors.ts';
import { findingText, graveFindings, mildFindings, readMaterial } from './material-reading.ts';
import type { Reading } from './material-reading.ts';
import { notShown, uploadWorkLimit } from './upload-reading.ts';

type Values = Readonly<Record<string, string>>;
type Findings = Reading<readonly Finding[]>;

const pair = ['tls.crt', 'tls.key'] as const;

/** What was found while a Secret was judged, for the remarks of the same write: opening a keystore twice costs twice. */
const judged = new WeakMap<Secret, Findings>();

/**
 * The rules of uploaded keystores and truststores: they open, fit together, and can be used. Only new values are judged:
 * what has expired since must not keep its labels from being changed. A file whose password lies elsewhere is judged by who
 * knows it.
 */
export function validateMaterial(secret: Secret, previous: Secret | undefined, now: Date): FieldError[] {
  const { type, data = {} } = secret;
  if (previous !== undefined && sameValues(data, previous.data ?? {})) return [];
  if (type === materialSecretTypes.keystore) return validateKeystore(secret, data, now);
  if (type === materialSecretTypes.truststore) return validateTruststore(secret, data, now);
  return [];
}

/** What should be known of an upload that is taken. */
export function warnOfMaterial(secret: Secret): string[] {
  const findings = judged.get(secret);
  if (findings === undefined || 'problem' in findings) return [];
  return mildFindings(findings.material).map((finding) => `data: ${findingText(finding)}`);
}

function validateKeystore(secret: Secret, data: Values, now: Date): FieldError[] {
  const hasFile = Object.hasOwn(data, 'keystore');
  const given = pair.filter((key) => Object.hasOwn(data, key));
  if (hasFile && given.length > 0) {
    return given.map((key) => forbidden(`data[${key}]`, 'cannot be set together with data[keystore]'));
  }
  const keys = hasFile ? ['keystore'] : pair;
  const missing = keys.filter((key) => !Object.hasOwn(data, key));
  if (given.length === 0 && !hasFile) return [required('data[keystore]', 'a keystore file, or tls.crt and tls.key')];
  if (missing.length > 0) return missing.map((key) => required(`data[${key}]`, ''));
  const read = () => readKeystoreMaterial(filesOf(data, keys), optionsOf(data, now)).findings;
  return judge(secret, keys, readMaterial(read));
}

function validateTruststore(secret: Secret, data: Values, now: Date): FieldError[] {
  if (!Object.hasOwn(data, 'truststore')) return [required('data[truststore]', 'a file with certificates')];
  const read = () => readTruststoreMaterial(filesOf(data, ['truststore']), optionsOf(data, now)).findings;
  return judge(secret, ['truststore'], readMaterial(read));
}

function judge(secret: Secret, keys: readonly string[], findings: Findings): FieldError[] {
  judged.set(secret, findings);
  const field = keys.length === 1 ? `data[${keys[0]}]` : 'data';
  if ('problem' in findings) {
    return findings.code === 'keystore-password-missing' ? [] : [invalid(field, notShown, findings.problem)];
  }
  return graveFindings(findings.material).map((finding) => invalid(field, notShown, findingText(finding)));
}

/** Several files are told apart by their keys; the only one needs no name. */
const filesOf = (data: Values, keys: readonly string[]): MaterialFile[] =>
  keys.map((key) => ({ name: keys.length === 1 ? '' : key, bytes: Buffer.from(data[key]!, 'base64') }));

function optionsOf(data: Values, now: Date): MaterialOptions {
  const text = (key: string): string | undefined =>
    Object.hasOwn(data, key) ? Buffer.from(data[key]!, 'base64').toString('utf8') : undefined;
  return { now, workLimit: uploadWorkLimit, password: text('password'), keyPassword: text('keyPassword') };
}
