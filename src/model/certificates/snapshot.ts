import type { Certificate, CertificateRequest, Secret } from '#model/resources';
import type { SecretConfig } from './secret-config.ts';
import type { CertificateSettings } from './settings.ts';

/** Everything that decides about one Certificate, read at one moment. */
export interface CertificateSnapshot {
  readonly now: Date;
  readonly settings: CertificateSettings;
  readonly certificate: Certificate;
  /** The Secret named by `spec.secretName`. */
  readonly secret?: Secret | undefined;
  /** What was decided to be applied to that Secret and is not written yet. */
  readonly secretConfig?: SecretConfig | undefined;
  /** The CertificateRequests that this Certificate controls. */
  readonly requests: readonly CertificateRequest[];
  /** The Secrets that hold the key of the next revision. */
  readonly nextKeySecrets: readonly Secret[];
  /** Other Certificates of the namespace with the same `spec.secretName`. */
  readonly secretRivals: readonly Certificate[];
  /**
   * Of a CA that others rest on. `running`: a Rotation replaces it, and nothing else may. `instead`: where it would be
   * issued anew, a Rotation shall begin.
   */
  readonly rotation?: 'running' | 'instead' | undefined;
  /** One was taken back: the next does not begin before this. */
  readonly rotationRestsUntil?: Date | undefined;
  /** Secrets that hold passwords of keystores, by name; those that exist. */
  readonly passwordSecrets?: Readonly<Record<string, Secret>>;
}
