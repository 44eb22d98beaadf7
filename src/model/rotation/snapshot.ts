import type { RotationStage } from './stage.ts';

/** Facts of a CA certificate. Fingerprints are SHA-256, lower-case hexadecimal. */
export interface CAFacts {
  readonly fingerprint: string;
  readonly subject: string;
  readonly notAfter: Date;
  /** Left out when the certificate carries none. */
  readonly subjectKeyId?: string | undefined;
  /** Fingerprints from this certificate up to its root; a self-signed one has only its own. */
  readonly path: readonly string[];
}

/** What the user asks for: the spec of a Rotation, with its defaults filled in. */
export interface RotationWish {
  /** Distrust first; see `whatBreaks()`. */
  readonly emergency?: boolean | undefined;
  readonly key: 'new' | 'same';
  readonly subject: 'new' | 'same';
  /** Certificates of each CA by the other, so that either trust accepts either leaf. */
  readonly crossSign?: boolean | undefined;
  /** The re-issues are spread over this time. */
  readonly spreadSeconds?: number | undefined;
  /** How many re-issued leaves may be without proof at once. */
  readonly maxUnproven?: number | undefined;
  /** From the first restart of a workload to the last proof of its instances, in all sites. */
  readonly restartWindowSeconds?: number | undefined;
  readonly paused?: boolean | undefined;
  readonly rollback?: boolean | undefined;
  readonly attestations: readonly Attestation[];
}

/** Somebody's word for a workload that nobody of ours can look at. */
export interface Attestation {
  /** The external workload, as in `InstanceState.workload`. */
  readonly consumer: string;
  readonly by: string;
  readonly until: Date;
  /** It may break: nobody waits for it. */
  readonly waived?: boolean | undefined;
  /**
   * The generation of the rotation at which it was given; left out: it was given beforehand, and says that both CAs are
   * trusted. A word about trust says nothing of the leaves to come.
   */
  readonly generation?: number | undefined;
}

/** What the engine writes; the machine's whole memory. */
export interface RotationProgress {
  readonly stage: RotationStage;
  /** Rises with every change of the stage, back ones too. */
  readonly generation: number;
  readonly stageSince?: Date | undefined;
  readonly startedTime?: Date | undefined;
  readonly completedTime?: Date | undefined;
  readonly result?: 'succeeded' | 'rolledBack' | 'failed' | undefined;
  /** Why it went back or failed, when the engine decided so. */
  readonly message?: string | undefined;
  readonly old?: CAFacts | undefined;
  readonly next?: CAFacts | undefined;
  readonly history: readonly RotationMoment[];
}

export interface RotationMoment {
  readonly stage: RotationStage;
  readonly generation: number;
  readonly at: Date;
}

/** Where the CA's certificate and key are: the Secret that issuers sign with, and the two beside it. */
export interface SignerState {
  /** Fingerprint of the CA in the Secret that signs now. */
  readonly current: string;
  /** The signer's chain carries the cross-certificate, so that leaves are presented with it. */
  readonly crossed?: boolean | undefined;
  /** Whether the Secrets of the CA before, and of the CA to come, are kept. */
  readonly previousKept: boolean;
  readonly nextKept: boolean;
}

/** A TrustBundle or Truststore, or a part of one: what a trust material is made of. */
export interface BundleState {
  readonly place: string;
  readonly digest: string;
  /** Rises with every change of the set. */
  readonly generation: number;
  /** Fingerprints. */
  readonly anchors: readonly string[];
  /** Its set can be changed; left out: yes. False for an uploaded file. */
  readonly writable?: boolean | undefined;
}

/** A certificate that the old or the next CA has signed. */
export interface LeafState {
  readonly place: string;
  /** Fingerprint of the CA that signed it, over any number of CAs between. */
  readonly issuedFrom: string;
  /** How many CAs are between it and that one; left out: none. */
  readonly between?: number | undefined;
  readonly fingerprint: string;
  /** Rises with every issue: the Certificate's revision. */
  readonly generation: number;
  readonly ready: boolean;
  /** A new one is being made. */
  readonly issuing?: boolean | undefined;
  readonly notAfter?: Date | undefined;
  /** What it asks for when it is made anew. */
  readonly durationSeconds?: number | undefined;
  readonly authorityKeyId?: string | undefined;
  /** Left out: yes. False when it was brought from elsewhere. */
  readonly reissuable?: boolean | undefined;
}

/** How far a material has come in an instance; each level is a claim of its own, with its own proof. */
export const ackLevels = ['delivered', 'loaded', 'persisted', 'proven', 'exclusive'] as const;
export type AckLevel = (typeof ackLevels)[number];

/**
 * A claim. `loaded` is the engine's word and proves nothing. `persisted`: a restart comes back with it. `proven`: a full
 * handshake from outside has shown `content`. `exclusive`: no process or thread lives with an earlier context, and no
 * session is resumed that this generation would not have accepted.
 */
export interface Ack {
  /** Fingerprint of the leaf, or digest of the bundle. */
  readonly content: string;
  readonly generation: number;
  readonly at: Date;
}

export interface MaterialState {
  readonly name: string;
  readonly kind: 'identity' | 'trust';
  /** Place of the leaf or the bundle. */
  readonly of: string;
  readonly acks: Readonly<Partial<Record<AckLevel, Ack>>>;
  /** Why it came no further, in the agent's words. */
  readonly message?: string | undefined;
}

/** One running copy of a workload. */
export interface InstanceState {
  /** `namespace/name` of the workload. */
  readonly workload: string;
  readonly name: string;
  readonly site?: string | undefined;
  /** False while it is kept out of service: quarantined, or not admitted yet. It comes back through `admission()`. */
  readonly serving: boolean;
  /** Nobody of ours runs there: an attestation stands for its acks. */
  readonly external?: boolean | undefined;
  /** Acks from before are void: it may have come back with less. */
  readonly startedTime?: Date | undefined;
  readonly lastSeenTime?: Date | undefined;
  /** False when a restart would lose what was loaded; left out: it can. */
  readonly canPersist?: boolean | undefined;
  /** It loads new material by a restart only. */
  readonly restarts?: boolean | undefined;
  /** What it was asked to do, as the actions said: the key of its last restart, the generation of its last flush. */
  readonly asked?: { readonly restart?: AskedRestart | undefined; readonly flush?: AskedFlush | undefined } | undefined;
  /** All that it shall have, with what was reported of it. With none of a kind, what its links need counts as unproven. */
  readonly materials: readonly MaterialState[];
}

export interface AskedRestart {
  readonly key: string;
  readonly at: Date;
}

export interface AskedFlush {
  readonly generation: number;
}

/** One side of a declared connection: who presents an identity, and who verifies it with which trust. */
export interface LinkState {
  /** Which side presents: `server` is verified by the client, `client` the other way round. */
  readonly side: 'server' | 'client';
  readonly presenter: string;
  /** Place of the leaf. */
  readonly identity: string;
  readonly verifier: string;
  /** Place of the bundle. */
  readonly trust: string;
  /** How many CAs the verifier's engine accepts between leaf and anchor; left out: as many as there may be. */
  readonly maxDepth?: number | undefined;
  /** Why the verifier would refuse a leaf of the next CA although it trusts it: its profile, its engine. */
  readonly refusesNext?: string | undefined;
}

/** Another Rotation. */
export interface OtherRotation {
  readonly name: string;
  readonly stage: RotationStage;
  /** Fingerprints of its old and its next CA. */
  readonly authorities: readonly string[];
}

/** All that a decision about a rotation rests on. */
export interface RotationSnapshot {
  readonly now: Date;
  readonly name: string;
  readonly wish: RotationWish;
  readonly progress: RotationProgress;
  readonly oldCA: CAFacts;
  readonly nextCA: CAFacts | undefined;
  readonly signer: SignerState;
  readonly bundles: readonly BundleState[];
  readonly leaves: readonly LeafState[];
  readonly instances: readonly InstanceState[];
  readonly links: readonly LinkState[];
  readonly others: readonly OtherRotation[];
}
