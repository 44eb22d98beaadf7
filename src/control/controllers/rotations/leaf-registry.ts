import { isConditionTrue } from '#model/objects';
import { issuerTerm, namespacedTerm, parseGoDuration } from '#model/resources';
import type { Certificate, Secret } from '#model/resources';
import type { CAFacts, LeafState } from '#model/rotation';
import { objectTerm } from '#model/stores';
import type { LoopChange, LoopContext } from '../context.ts';
import { keyOf, placeOf } from '../queue-loop.ts';
import { betweenIn, leafFacts, signedBy } from './leaf-facts.ts';
import type { LeafFacts } from './leaf-facts.ts';

/** A certificate beneath the CA. */
interface Leaf {
  readonly secret: string;
  /** Term of its issuer. */
  readonly issuer: string;
  facts: LeafFacts | undefined;
  state: LeafState | undefined;
}

const pageSize = 500;
const readAtOnce = 64;

/**
 * The certificates beneath one CA, over any number of CAs between, while a Rotation of it runs. They are found by the
 * issuers that sign with its Secret, once; from then on only those that changed are read again.
 */
export class LeafRegistry {
  readonly #context: LoopContext;
  /** Secret (`ns/name`) of the CA itself. */
  readonly #root: string;
  /** Certificates (`ns/name`) that are the CA itself. */
  readonly #excluded: ReadonlySet<string>;
  readonly #leaves = new Map<string, Leaf>();
  readonly #bySecret = new Map<string, string>();
  /** Issuers by term, with the Secret that each signs with. */
  readonly #issuers = new Map<string, string>();
  readonly #dirty = new Set<string>();
  #isScanned = false;
  #states: readonly LeafState[] | undefined;
  #authorities = '';

  constructor(context: LoopContext, root: string, excluded: readonly string[]) {
    this.#context = context;
    this.#root = root;
    this.#excluded = new Set(excluded);
  }

  /** Whether the change may concern a leaf; what changed is read with the next `states()`. */
  note(change: LoopChange): boolean {
    const { kinds } = this.#context;
    const { kind } = change;
    if (kind === kinds.secret) return this.#mark(this.#bySecret.get(keyOf(change)));
    if (kind === kinds.certificate) return this.#noteCertificate(change as LoopChange<Certificate>);
    if (kind !== kinds.issuer && kind !== kinds.clusterIssuer) return false;
    if (change.type === 'MODIFIED' && change.previous?.metadata.generation === change.object.metadata.generation) {
      return false;
    }
    this.#isScanned = false;
    return true;
  }

  #noteCertificate(change: LoopChange<Certificate>): boolean {
    const key = keyOf(change);
    const { spec, metadata } = change.object;
    const isNew = this.#issuers.has(issuerTerm(spec.issuerRef, metadata.namespace ?? '')) && !this.#leaves.has(key);
    if (!isNew) return this.#mark(this.#leaves.has(key) ? key : undefined);
    // One that is new and a CA may have others beneath it.
    if (spec.isCA === true) this.#isScanned = false;
    this.#dirty.add(key);
    return true;
  }

  #mark(key: string | undefined): boolean {
    if (key === undefined) return false;
    this.#dirty.add(key);
    return true;
  }

  /** The Certificate (`ns/name`) that was issued into the Secret, when it is one of these. */
  certificateIn(secret: string): string | undefined {
    return this.#bySecret.get(secret);
  }

  /** The Secret of the CA that the leaf comes from directly. */
  signerOf(key: string): string | undefined {
    const issuer = this.#leaves.get(key)?.issuer;
    return issuer === undefined ? undefined : this.#issuers.get(issuer);
  }

  /** They were written, and are to be read again although no change has told so yet. */
  markWritten(keys: readonly string[]): void {
    for (const key of keys) this.#dirty.add(key);
  }

  /** Every leaf as it is now. */
  async states(old: CAFacts, next: CAFacts | undefined): Promise<readonly LeafState[]> {
    await this.#scan();
    const authorities = `${old.fingerprint} ${next?.fingerprint}`;
    if (authorities !== this.#authorities) this.#markAll();
    this.#authorities = authorities;
    if (this.#dirty.size > 0) {
      await this.#readDirty(old, next);
      this.#states = undefined;
    }
    this.#states ??= [...this.#leaves.values()].flatMap(({ state }) => state ?? []);
    return this.#states;
  }

  #markAll(): void {
    for (const key of this.#leaves.keys()) this.#dirty.add(key);
  }

  async #scan(): Promise<void> {
    while (!this.#isScanned) {
      this.#isScanned = true;
      const secrets = [this.#root];
      const seen = new Set(secrets);
      // Grows while it is gone through.
      for (const secret of secrets) {
        for (const term of await this.#issuersWith(secret)) {
          this.#issuers.set(term, secret);
          for await (const certificate of this.#issuedBy(term)) {
            const key = this.#put(certificate, term);
            if (key === undefined) continue;
            this.#dirty.add(key);
            const beneath = this.#leaves.get(key)!.secret;
            if (certificate.spec.isCA !== true || seen.has(beneath)) continue;
            secrets.push(beneath);
            seen.add(beneath);
          }
        }
      }
    }
  }

  #put({ metadata, spec }: Certificate, issuer: string): string | undefined {
    const key = namespacedTerm(metadata.namespace, metadata.name);
    if (this.#excluded.has(key) || metadata.deletionTimestamp !== undefined) return undefined;
    const secret = namespacedTerm(metadata.namespace, spec.secretName);
    const known = this.#leaves.get(key);
    if (known?.secret !== secret || known.issuer !== issuer) {
      if (known !== undefined) this.#bySecret.delete(known.secret);
      this.#leaves.set(key, { secret, issuer, facts: undefined, state: undefined });
    }
    this.#bySecret.set(secret, key);
    return key;
  }

  async #issuersWith(secret: string): Promise<string[]> {
    const { store, kinds, clusterResourceNamespace } = this.#context;
    const { namespace, name } = placeOf(secret);
    const index = 'secretName';
    const own = await store.list({ kind: kinds.issuer, namespace }, { index: { name: index, value: secret } });
    const terms = own.items.map(({ metadata }) => issuerTerm({ name: metadata.name, kind: 'Issuer' }, namespace));
    if (namespace !== clusterResourceNamespace) return terms;
    const cluster = await store.list({ kind: kinds.clusterIssuer }, { index: { name: index, value: name } });
    return [
      ...terms,
      ...cluster.items.map(({ metadata }) => issuerTerm({ name: metadata.name, kind: 'ClusterIssuer' }, '')),
    ];
  }

  async *#issuedBy(term: string): AsyncIterable<Certificate> {
    const { store, kinds } = this.#context;
    const index = { name: 'issuer', value: term };
    for (let next: string | undefined, first = true; first || next !== undefined; first = false) {
      const options = { index, limit: pageSize, ...(next === undefined ? {} : { continue: next }) };
      const page = await store.list({ kind: kinds.certificate }, options);
      yield* page.items;
      next = page.continue;
    }
  }

  async #readDirty(old: CAFacts, next: CAFacts | undefined): Promise<void> {
    const keys = [...this.#dirty];
    this.#dirty.clear();
    for (let from = 0; from < keys.length; from += readAtOnce) {
      await Promise.all(keys.slice(from, from + readAtOnce).map((key) => this.#read(key, old, next)));
    }
  }

  async #read(key: string, old: CAFacts, next: CAFacts | undefined): Promise<void> {
    const { store, kinds } = this.#context;
    const certificate = await store.get({ kind: kinds.certificate, ...placeOf(key) });
    const issuer =
      certificate === undefined
        ? undefined
        : issuerTerm(certificate.spec.issuerRef, certificate.metadata.namespace ?? '');
    if (certificate === undefined || issuer === undefined || !this.#issuers.has(issuer)) return this.#forget(key);
    if (this.#put(certificate, issuer) === undefined) return this.#forget(key);
    const leaf = this.#leaves.get(key)!;
    const secret = await store.get<Secret>({ kind: kinds.secret, ...placeOf(leaf.secret) });
    leaf.facts = leafFacts(secret);
    // What was never issued is presented by nobody.
    leaf.state = leaf.facts && {
      ...leafState(key, certificate, leaf.facts, signedBy(leaf.facts, old, next)),
      between: betweenIn(leaf.facts, old, next),
    };
  }

  #forget(key: string): void {
    const leaf = this.#leaves.get(key);
    if (leaf !== undefined && this.#bySecret.get(leaf.secret) === key) this.#bySecret.delete(leaf.secret);
    this.#leaves.delete(key);
  }
}

export const leafPlace = (key: string): string => {
  const { namespace, name } = placeOf(key);
  return objectTerm('Certificate', namespace, name);
};

function leafState(key: string, { spec, status }: Certificate, facts: LeafFacts, issuedFrom: string): LeafState {
  const { fingerprint, notAfter, signers } = facts;
  const { keyId } = signers[0]!;
  return {
    place: leafPlace(key),
    issuedFrom,
    fingerprint,
    generation: status?.revision ?? 0,
    ready: isConditionTrue(status?.conditions, 'Ready'),
    issuing: isConditionTrue(status?.conditions, 'Issuing'),
    notAfter,
    ...(spec.duration === undefined ? {} : { durationSeconds: parseGoDuration(spec.duration) / 1000 }),
    ...(keyId === undefined ? {} : { authorityKeyId: keyId }),
  };
}
