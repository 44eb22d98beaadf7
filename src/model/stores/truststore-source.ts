import type { MaterialFile } from '#pki/material';
import type { Truststore, TruststoreSource as SpecSource } from '#model/resources';
import { bundleAt, trustedAnchors } from './bundle-at.ts';
import { issuedAt } from './certificate-secret.ts';
import { locateKeystore } from './keystore-source.ts';
import type { KeystoreSource } from './keystore-source.ts';
import { objectTerm } from './lookup.ts';
import type { Lookup, ObjectPlace } from './lookup.ts';
import { failed, found } from './problem.ts';
import type { Outcome } from './problem.ts';
import { truststoreFilesIn } from './secret-files.ts';
import { bytesIn, fileIn, passwordOf, secretAt, textIn, versionOf } from './secrets.ts';
import { targetOf } from './target.ts';
import { step } from './trail.ts';
import type { Trail } from './trail.ts';

/** One origin of trusted certificates, before it is read. Plain values: may be sent to another thread. */
export type TrustPart = TextPart | FilePart | KeystorePart;

interface PartOrigin {
  /** For people: `Truststore apic/roots sources[1]`. */
  readonly place: string;
  /** Equal for equal bytes. */
  readonly version: string;
}

/** Certificates as a user wrote them. */
export interface TextPart extends PartOrigin {
  readonly type: 'text';
  readonly text: string;
}

export interface FilePart extends PartOrigin {
  readonly type: 'file';
  readonly file: MaterialFile;
  readonly password?: string;
  /** Only the first certificate counts: an authority itself, without those above it. */
  readonly onlyFirst: boolean;
}

/** The certificates of a Keystore's entries, which Java trusts too when it is given such a file. */
export interface KeystorePart extends PartOrigin {
  readonly type: 'keystore';
  readonly keystore: KeystoreSource;
}

/** Everything that a Truststore is made of. */
export interface TruststoreSource {
  readonly parts: readonly TrustPart[];
  /** Equal for equal bytes of the same Truststore. */
  readonly version: string;
}

/** Where the Truststore at `place` gets its certificates, over at most eight stores in a row. Reads no file. */
export function locateTruststore(lookup: Lookup, place: ObjectPlace): Outcome<TruststoreSource> {
  const parts = partsOf({ lookup, done: new Set() }, place, []);
  if (!parts.ok) return parts;
  // A failure says which truststore it is about, so that even the same bytes in another one are another version.
  const versions = [placeTerm(place), ...parts.value.map(({ version }) => version)];
  return found({ parts: parts.value, version: versions.join(';') });
}

/** An object of any kind that names sources of trusted certificates as a Truststore does. */
export interface TrustHolder {
  readonly kind: string;
  readonly metadata: Truststore['metadata'];
  /** The list in its spec; `sources` when left out. */
  readonly field?: string;
}

/** Where `source`, the one with number `at` of those that `holder` names, gets its certificates. Reads no file. */
export function locateTrust(
  lookup: Lookup,
  holder: TrustHolder,
  source: SpecSource,
  at: number,
): Outcome<TruststoreSource> {
  const parts = partsOfSource({ lookup, done: new Set() }, holder, source, at, []);
  if (!parts.ok) return parts;
  const place = objectTerm(holder.kind, holder.metadata.namespace, holder.metadata.name);
  const versions = [`${place}[${at}]`, ...parts.value.map(({ version }) => version)];
  return found({ parts: parts.value, version: versions.join(';') });
}

const placeTerm = ({ namespace, name }: ObjectPlace): string => objectTerm('Truststore', namespace, name);

/** A store that several others name is walked through once, so that a walk is never longer than there are stores. */
interface Walk {
  readonly lookup: Lookup;
  readonly done: Set<string>;
}

function partsOf(walk: Walk, place: ObjectPlace, trail: Trail): Outcome<readonly TrustPart[]> {
  const term = placeTerm(place);
  const next = step(trail, term);
  if (!next.ok) return next;
  if (walk.done.has(term)) return found([]);
  const truststore = walk.lookup.get('Truststore', place.namespace, place.name);
  if (truststore !== undefined) return partsOfSources(walk, truststore, term, next.value);
  const hint = 'Create the Truststore.';
  return failed({ reason: 'TruststoreNotFound', message: `${term} does not exist`, hint, isWaiting: true });
}

function partsOfSources(walk: Walk, truststore: Truststore, term: string, trail: Trail): Outcome<readonly TrustPart[]> {
  const all: TrustPart[] = [];
  for (const [at, source] of truststore.spec.sources.entries()) {
    const parts = partsOfSource(walk, truststore, source, at, trail);
    if (!parts.ok) return parts;
    all.push(...parts.value);
  }
  walk.done.add(term);
  return found(all);
}

function partsOfSource(
  walk: Walk,
  { kind, metadata, field = 'sources' }: TrustHolder,
  source: SpecSource,
  at: number,
  trail: Trail,
): Outcome<readonly TrustPart[]> {
  const { lookup } = walk;
  const namespace = metadata.namespace ?? '';
  const place = `${objectTerm(kind, namespace, metadata.name)} ${field}[${at}]`;
  if (source.certificates !== undefined) {
    const version = `${metadata.uid}@${metadata.generation ?? metadata.resourceVersion}#${at}`;
    return found([{ type: 'text', place, version, text: source.certificates }]);
  }
  if (source.secretRef !== undefined) return list(fromSecret(lookup, source, namespace, place));
  if (source.certificateRef !== undefined)
    return list(fromCertificate(lookup, source.certificateRef, namespace, place));
  if (source.keystoreRef !== undefined) return list(fromKeystore(lookup, source.keystoreRef, namespace, place));
  if (source.trustBundleRef !== undefined) return list(fromBundle(lookup, source.trustBundleRef, namespace, place));
  if (source.truststoreRef !== undefined) {
    const target = targetOf(source.truststoreRef, namespace, 'Truststore');
    return target.ok ? partsOf(walk, target.value, trail) : target;
  }
  const hint = 'Give one of certificates, secretRef, certificateRef, trustBundleRef, truststoreRef and keystoreRef.';
  return failed({ reason: 'SourceNotClear', message: `${place} does not say where its certificates come from`, hint });
}

const list = (part: Outcome<TrustPart>): Outcome<readonly TrustPart[]> => (part.ok ? found([part.value]) : part);

function fromSecret(lookup: Lookup, source: SpecSource, namespace: string, place: string): Outcome<TrustPart> {
  const target = targetOf(source.secretRef!, namespace, 'Secret');
  if (!target.ok) return target;
  const secret = secretAt(lookup, target.value);
  if (!secret.ok) return secret;
  const files = truststoreFilesIn(secret.value, source.secretRef!.key);
  if (!files.ok) return files;
  const given = passwordOf(lookup, source.passwordRef, namespace);
  if (!given.ok) return given;
  const password = given.value?.text ?? textIn(secret.value, 'password');
  const version = `${versionOf(secret.value)}#${files.value.join('+')}|${given.value?.version ?? ''}`;
  const file = fileIn(secret.value, files.value[0]!)!;
  const opened = password === undefined ? {} : { password };
  return found({ type: 'file', place: inSecret(place, target.value), version, file, onlyFirst: false, ...opened });
}

/** Key in the Secret of a CA: the certificates that are trusted instead of the CA alone, while a Rotation replaces it. */
export const rotationTrustKey = 'rotation-trust.crt';

function fromCertificate(
  lookup: Lookup,
  ref: NonNullable<SpecSource['certificateRef']>,
  namespace: string,
  place: string,
): Outcome<TrustPart> {
  const target = targetOf(ref, namespace, 'Certificate');
  if (!target.ok) return target;
  const issued = issuedAt(lookup, target.value);
  if (!issued.ok) return issued;
  const { certificate, secret } = issued.value;
  const isCA = certificate.spec.isCA === true;
  // While a CA is replaced, its Secret says who is trusted in its place: both of them.
  const key = !isCA ? 'ca.crt' : bytesIn(secret, rotationTrustKey) === undefined ? 'tls.crt' : rotationTrustKey;
  const onlyFirst = key === 'tls.crt';
  const file = fileIn(secret, key);
  if (file !== undefined) {
    return found({ type: 'file', place, version: `${versionOf(secret)}#${key}/${onlyFirst}`, file, onlyFirst });
  }
  const term = objectTerm('Certificate', target.value.namespace, target.value.name);
  const hint = 'Give the certificate of its authority as a source of its own.';
  return failed({ reason: 'NoCertificate', message: `the issuer of ${term} gave no CA certificate (ca.crt)`, hint });
}

/** What the bundle trusts: it follows every generation of it, without a Secret between. */
function fromBundle(
  lookup: Lookup,
  ref: NonNullable<SpecSource['trustBundleRef']>,
  namespace: string,
  place: string,
): Outcome<TrustPart> {
  const target = targetOf(ref, namespace, 'TrustBundle');
  if (!target.ok) return target;
  const bundle = bundleAt(lookup, target.value);
  if (!bundle.ok) return bundle;
  const { metadata, status } = bundle.value;
  const bytes = Buffer.from(
    trustedAnchors(bundle.value)
      .map(({ certificate }) => certificate)
      .join(''),
  );
  const version = `${metadata.uid}@${status?.digest ?? metadata.resourceVersion}`;
  return found({ type: 'file', place, version, file: { name: 'ca-bundle.crt', bytes }, onlyFirst: false });
}

function fromKeystore(
  lookup: Lookup,
  ref: NonNullable<SpecSource['keystoreRef']>,
  namespace: string,
  place: string,
): Outcome<TrustPart> {
  const target = targetOf(ref, namespace, 'Keystore');
  if (!target.ok) return target;
  const keystore = locateKeystore(lookup, target.value);
  if (!keystore.ok) return keystore;
  return found({ type: 'keystore', place, version: `keystore:${keystore.value.version}`, keystore: keystore.value });
}

const inSecret = (place: string, { namespace, name }: ObjectPlace): string =>
  `${place}: ${objectTerm('Secret', namespace, name)}`;
