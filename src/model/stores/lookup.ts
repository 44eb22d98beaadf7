import type {
  Certificate,
  Keystore,
  Secret,
  TLSClientProfile,
  TLSServerProfile,
  TrustBundle,
  Truststore,
} from '#model/resources';

/** What references lead to, by kind. */
export interface ReferredKinds {
  readonly Secret: Secret;
  readonly Certificate: Certificate;
  readonly Keystore: Keystore;
  readonly Truststore: Truststore;
  readonly TrustBundle: TrustBundle;
  readonly TLSClientProfile: TLSClientProfile;
  readonly TLSServerProfile: TLSServerProfile;
}

/**
 * Objects as they are at one moment. Callers may wrap it to note what was looked at; an object that is missing was
 * looked at too.
 */
export interface Lookup {
  get<K extends keyof ReferredKinds>(kind: K, namespace: string, name: string): ReferredKinds[K] | undefined;
}

/** An object by its place. */
export interface ObjectPlace {
  readonly namespace: string;
  readonly name: string;
}

/** A reference as objects hold it. */
export interface ObjectRef {
  readonly name: string;
  readonly namespace?: string;
}

/** `Keystore apic/portal`: one object in messages, and the term under which a look at it can be noted. */
export function objectTerm(kind: string, namespace: string | undefined, name: string): string {
  return `${kind} ${namespace ?? ''}/${name}`;
}
