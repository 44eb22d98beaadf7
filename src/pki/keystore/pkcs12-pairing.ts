import { X509Certificate, createPrivateKey, createPublicKey } from 'node:crypto';
import type { Bag } from './pkcs12-bags.ts';
import type { Keystore, KeystoreEntry } from './keystore.ts';
import { unsupported } from './limits.ts';

type CertificateBag = Extract<Bag, { type: 'certificate' }>;
type KeyBag = Extract<Bag, { type: 'key' }>;

interface Certificate {
  readonly bag: CertificateBag;
  /** Absent where the bytes are no certificate that OpenSSL reads; it then has no issuer and issues nothing. */
  readonly parsed: X509Certificate | undefined;
}

const maximumChain = 32;
/** Certificates of one name that are tried as an issuer: a bundle in rotation has two or three. */
const maximumIssuersTried = 64;
/** Signatures checked for all chains of a file together: some tenths of a second. */
const maximumSignatures = 5_000;

/**
 * The bags as entries, in the order of their certificates: PKCS#12 keeps keys and certificates apart. A key's
 * certificate has its localKeyId or, where files leave that out, its public key; the rest of the chain is found by who
 * signed whom. Certificates that are in no chain, and those marked as anchors, become trusted entries.
 */
export function pairBags(bags: readonly Bag[]): Keystore {
  const certificates = bags.filter((bag) => bag.type === 'certificate').map(parsed);
  // Anchors are entries of their own; what was presented with a key stands in the file without their mark.
  const issuers = new IssuerFinder(certificates.filter(({ bag }) => !bag.isAnchor));
  const finder = new CertificateFinder(certificates);
  // Java writes the certificates of a chain once for every key, so they are counted by their bytes.
  const placedOnce = new Set<string>();
  const placed: { at: number; entry: KeystoreEntry }[] = [];
  for (const key of bags.filter((bag) => bag.type === 'key')) {
    const leaf = finder.certificateOf(key);
    const chain = leaf === undefined ? [] : chainFrom(leaf, issuers);
    for (const { bag } of chain) placedOnce.add(base64(bag.certificate));
    placed.push({ at: leaf === undefined ? Infinity : certificates.indexOf(leaf), entry: keyEntry(key, chain) });
  }
  for (const [at, certificate] of certificates.entries()) {
    const id = base64(certificate.bag.certificate);
    if (!certificate.bag.isAnchor && placedOnce.has(id)) continue;
    placedOnce.add(id);
    placed.push({ at, entry: trustedEntry(certificate.bag) });
  }
  return { entries: placed.sort(byPlace).map(({ entry }) => entry), ...unread(bags) };
}

function byPlace(a: { at: number }, b: { at: number }): number {
  return a.at === b.at ? 0 : a.at - b.at;
}

function unread(bags: readonly Bag[]): { unread?: readonly string[] } {
  const others = bags.filter((bag) => bag.type === 'other').map((bag) => bag.what);
  return others.length === 0 ? {} : { unread: others };
}

function keyEntry(bag: KeyBag, chain: readonly Certificate[]): KeystoreEntry {
  return {
    type: 'key',
    alias: bag.name ?? chain[0]?.bag.name ?? '',
    key: bag.key,
    chain: chain.map(({ bag }) => bag.certificate),
    ...(bag.localKeyId === undefined ? {} : { localKeyId: bag.localKeyId }),
  };
}

function trustedEntry(bag: CertificateBag): KeystoreEntry {
  const { certificate, isAnchor: seenByJava } = bag;
  return { type: 'trusted', alias: bag.name ?? '', certificate, seenByJava };
}

function parsed(bag: CertificateBag): Certificate {
  return { bag, parsed: attempt(() => new X509Certificate(bag.certificate)) };
}

/** Finds the certificate of a key: by localKeyId first, by public key where files leave that out. */
class CertificateFinder {
  readonly #byLocalKeyId: ReadonlyMap<string, Certificate>;
  readonly #certificates: readonly Certificate[];
  #byPublicKey: ReadonlyMap<string, Certificate> | undefined;

  constructor(certificates: readonly Certificate[]) {
    this.#certificates = certificates;
    this.#byLocalKeyId = indexed(certificates, ({ bag }) => bag.localKeyId);
  }

  certificateOf({ key, localKeyId }: KeyBag): Certificate | undefined {
    const paired = localKeyId && this.#byLocalKeyId.get(base64(localKeyId));
    if (paired !== undefined) return paired;
    this.#byPublicKey ??= indexed(this.#certificates, ({ parsed }) => parsed && publicKeyOf(parsed));
    const publicKey = publicKeyOfPrivate(key);
    return publicKey && this.#byPublicKey.get(base64(publicKey));
  }
}

/** The first certificate for each value of `keyOf`. */
function indexed(
  certificates: readonly Certificate[],
  keyOf: (certificate: Certificate) => Uint8Array | undefined,
): ReadonlyMap<string, Certificate> {
  const index = new Map<string, Certificate>();
  for (const certificate of certificates) {
    const key = keyOf(certificate);
    if (key !== undefined && !index.has(base64(key))) index.set(base64(key), certificate);
  }
  return index;
}

function publicKeyOf(certificate: X509Certificate): Uint8Array | undefined {
  return attempt(() => certificate.publicKey.export({ format: 'der', type: 'spki' }));
}

function publicKeyOfPrivate(key: Uint8Array): Uint8Array | undefined {
  return attempt(() => {
    const privateKey = createPrivateKey({ key: Buffer.from(key), format: 'der', type: 'pkcs8' });
    return createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  });
}

/** OpenSSL throws for certificates and keys it does not know; they are kept, only unpaired. */
function attempt<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
}

function chainFrom(leaf: Certificate, issuers: IssuerFinder): readonly Certificate[] {
  const chain = [leaf];
  for (let issuer = issuers.issuerOf(leaf); issuer !== undefined; issuer = issuers.issuerOf(issuer)) {
    if (chain.includes(issuer) || chain.length === maximumChain) break;
    chain.push(issuer);
  }
  return chain;
}

/** Finds who signed a certificate; once for each, however many chains it is in. */
class IssuerFinder {
  readonly #bySubject: ReadonlyMap<string | undefined, readonly Certificate[]>;
  readonly #found = new Map<Certificate, Certificate | undefined>();
  #signatures = 0;

  constructor(certificates: readonly Certificate[]) {
    this.#bySubject = Map.groupBy(certificates, ({ parsed }) => parsed?.subject);
  }

  issuerOf(certificate: Certificate): Certificate | undefined {
    if (!this.#found.has(certificate)) this.#found.set(certificate, this.#find(certificate));
    return this.#found.get(certificate);
  }

  #find({ parsed: child }: Certificate): Certificate | undefined {
    if (child === undefined) return undefined;
    const candidates = this.#bySubject.get(child.issuer)?.slice(0, maximumIssuersTried) ?? [];
    this.#signatures += candidates.length;
    if (this.#signatures > maximumSignatures) {
      throw unsupported(`More than ${maximumSignatures} signatures would have to be checked to build its chains.`);
    }
    return candidates.find(({ parsed: issuer }) => issuer !== undefined && isIssuedBy(child, issuer));
  }
}

/** Two generations of one CA share a name, so only the signature tells them apart. */
function isIssuedBy(child: X509Certificate, issuer: X509Certificate): boolean {
  return attempt(() => child.checkIssued(issuer) && child.verify(issuer.publicKey)) ?? false;
}
