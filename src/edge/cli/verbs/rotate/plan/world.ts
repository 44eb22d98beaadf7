import type { Certificate, Keystore, Rotation, Secret, TrustBundle, Truststore } from '#model/resources';
import type { ReportedWorkload } from '../reported-workload.ts';

/** A Certificate beneath the CA, with the number of CAs between the two. */
export interface WorldLeaf {
  readonly certificate: Certificate;
  readonly between: number;
}

/** The objects that a plan rests on, as they were fetched. */
export interface RotationWorld {
  /** The namespace of the CA. */
  readonly namespace: string;
  /** The Secret that issuers sign with. */
  readonly secret: Secret;
  /** The CA, when it is a Certificate. */
  readonly certificate: Certificate | undefined;
  /** Certificates that are issued from that Secret, and those beneath them. */
  readonly leaves: readonly WorldLeaf[];
  readonly workloads: readonly ReportedWorkload[];
  readonly bundles: readonly TrustBundle[];
  readonly truststores: readonly Truststore[];
  readonly keystores: readonly Keystore[];
  /** Of the same namespace, and under way. */
  readonly rotations: readonly Rotation[];
}
