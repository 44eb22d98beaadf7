/**
 * What is decided about Certificates, CertificateRequests and issuers, with cert-manager's meaning: policy chains,
 * renewal, back-off, the Secret's content, and one state machine for each of the three kinds.
 *
 * Not here: reading, writing, waiting, signing. A machine looks at a snapshot and answers one step; who runs it applies
 * the step and asks again, in memory or in a store, with the same outcome.
 *
 * Invariants: no clock and no randomness; the same snapshot gives the same step; a machine whose steps are all applied
 * comes to `wait`; no private key in any message.
 */
export { nextStep } from './next-step.ts';
export { rotationDue } from './steps/rotated.ts';
export { nextRequestStep } from './requests/request-step.ts';
export type { RequestChange, RequestSnapshot } from './requests/request-snapshot.ts';
export { plannedSigning } from './requests/planned-signing.ts';
export type { PlannedSigning } from './requests/planned-signing.ts';
export { nextIssuerStep } from './issuers/issuer-step.ts';
export type { IssuerChange, IssuerSnapshot } from './issuers/issuer-step.ts';
export type { CertificateSnapshot } from './snapshot.ts';
export type { AnyAskStep, AskStep, Remark, SnapshotChange, Step, WaitStep, WriteStep } from './step.ts';
export type {
  CryptoTask,
  KeystoreWish,
  MakeKeystoresTask,
  MakeKeyTask,
  MakeRequestTask,
  MakeTemporaryTask,
  SelfSignTask,
  SignedCertificate,
  SigningMaterial,
  SigningOrder,
  SignTask,
  TaskFailure,
  TaskName,
  TaskResults,
} from './tasks.ts';
export { defaultSettings } from './settings.ts';
export type { CertificateSettings } from './settings.ts';
export { secretConfig } from './secret-config.ts';
export type { SecretConfig } from './secret-config.ts';
export { requestDraft } from './request-draft.ts';
export { crossKey, issuingManager } from './names.ts';
export { passwordSecretNames } from './keystore-wishes.ts';
export { completeIssuerRef, isOwnGroup } from './issuer-ref.ts';
export { isFinal } from './request-state.ts';
export { wantedKeySpec } from './key-spec.ts';
export { requestContent } from './request-content.ts';
