import type { Secret } from '#model/resources';
import { keystoreWishes } from './keystore-wishes.ts';
import { mergeSecret } from './merge-secret.ts';
import { secretConfig } from './secret-config.ts';
import type { SecretMaterial } from './secret-config.ts';
import type { CertificateSnapshot } from './snapshot.ts';
import { warning, write } from './step.ts';
import type { AskStep, SnapshotChange, WriteStep } from './step.ts';

type SecretChange = Pick<SnapshotChange, 'secret' | 'secretConfig'>;

/**
 * The step that puts `material` into the Secret, all at once: directly, or after its keystores have been made.
 * Undefined while a keystore's password is missing. `finish` adds what is to be written together with it.
 */
export function storeSecret(
  snapshot: CertificateSnapshot,
  material: SecretMaterial,
  finish: (change: SecretChange) => WriteStep,
  options: { readonly withoutKeystores?: boolean; readonly keystores?: Readonly<Record<string, string>> } = {},
): WriteStep | AskStep<'make-keystores'> | undefined {
  const store = (keystores: Readonly<Record<string, string>>): WriteStep =>
    finish(secretChange(snapshot, material, keystores));
  if (options.withoutKeystores === true || options.keystores !== undefined) return store(options.keystores ?? {});
  const wishes = keystoreWishes(snapshot);
  if (!Array.isArray(wishes)) return undefined;
  if (wishes.length === 0) return store({});
  const { privateKeyPEM, chainPEM, caPEM } = material;
  return {
    do: 'ask',
    task: { task: 'make-keystores', wishes, privateKeyPEM, chainPEM, caPEM, now: snapshot.now },
    // A keystore that cannot be made must not hold up the certificate itself.
    answer: (result) => ('failed' in result ? withRemark(store({}), result.failed) : store(result.files)),
  };
}

function secretChange(
  snapshot: CertificateSnapshot,
  material: SecretMaterial,
  keystores: Readonly<Record<string, string>>,
): SecretChange {
  const { certificate, secret, settings } = snapshot;
  const config = secretConfig(certificate, secret, material, keystores, settings);
  const { namespace } = certificate.metadata;
  const place = { name: certificate.spec.secretName, ...(namespace === undefined ? {} : { namespace }) };
  const merged: Secret = mergeSecret(secret, config, place);
  return { secretConfig: config, secret: merged };
}

function withRemark(step: WriteStep, problem: string): WriteStep {
  return write(step.change, ...step.remarks, warning('KeystoreFailed', `Failed to create keystore: ${problem}`));
}
