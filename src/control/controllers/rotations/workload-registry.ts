import { namespacedTerm, refTerm, reportIn, reportsIn } from '#model/resources';
import type { InstanceReport, Keystore, Workload, WorkloadInstance } from '#model/resources';
import { createStoreMemo, objectTerm } from '#model/stores';
import { desiredMaterials, linksOf } from '#model/workloads';
import type { Links } from '#model/workloads';
import type { LoopChange, LoopContext } from '../context.ts';
import { keyOf, placeOf } from '../queue-loop.ts';
import { allObjects } from '../status-loop.ts';
import { References } from '../stores/references.ts';
import { lookupIn, readReferred } from '../stores/referred-objects.ts';
import type { Referred } from '../stores/referred-objects.ts';
import { termOf } from '../usage/direct-users.ts';
import { instancesOf } from '../workloads/instance-reports.ts';

/** A set of trusted certificates that is no TrustBundle. */
export interface PlainTrust {
  readonly place: string;
  /** Fingerprints. */
  readonly anchors: readonly string[];
  /** It is read from a bundle, or from what one is written into, and changes with it. */
  readonly isWritten: boolean;
  /** Certificates (`Certificate ns/name`) that it may be made from. */
  readonly certificates: readonly string[];
}

/** A Workload with where its materials are. */
export interface KnownWorkload {
  readonly workload: Workload;
  readonly reports: Map<string, InstanceReport>;
  /** `Secret ns/name`, `TrustBundle ns/name` and so on, by entry of `presents` and `trusts`. */
  readonly places: ReadonlyMap<string, string>;
  readonly plainTrusts: readonly PlainTrust[];
}

const remembered = 128;
const readAtOnce = 32;

/** All Workloads, while a Rotation runs: their links are what it must keep working. Read once, then what changed. */
export class WorkloadRegistry {
  readonly #context: LoopContext;
  readonly #known = new Map<string, KnownWorkload>();
  readonly #references = new References();
  readonly #dirty = new Set<string>();
  /** Instances that have reported since, as an event told of them: which they are never changes. */
  readonly #reported = new Map<string, WorkloadInstance>();
  readonly #memo = createStoreMemo(remembered);
  readonly #referred: ReadonlySet<unknown>;
  #isScanned = false;
  #links: Links | undefined;

  constructor(context: LoopContext) {
    this.#context = context;
    const { secret, certificate, keystore, truststore, trustBundle } = context.kinds;
    this.#referred = new Set<unknown>([secret, certificate, keystore, truststore, trustBundle]);
  }

  /** Whether the change may concern a Workload; what changed is read with the next `all()`. */
  note(change: LoopChange): boolean {
    const { kind, object, type, previous } = change;
    if (kind === this.#context.kinds.workload) {
      this.#dirty.add(keyOf(change));
      if (type !== 'MODIFIED' || previous?.metadata.generation !== object.metadata.generation) this.#links = undefined;
      return true;
    }
    if (kind === this.#context.kinds.workloadInstance) {
      this.#reported.set(keyOf(change), object as WorkloadInstance);
      return true;
    }
    if (!this.#referred.has(kind)) return false;
    const readers = this.#references.readersOf(termOf(object));
    for (const reader of readers) this.#dirty.add(reader);
    return readers.size > 0;
  }

  /** By `ns/name`. */
  async all(): Promise<ReadonlyMap<string, KnownWorkload>> {
    if (!this.#isScanned) {
      this.#isScanned = true;
      for await (const { metadata } of allObjects(this.#context.store, this.#context.kinds.workload)) {
        this.#dirty.add(namespacedTerm(metadata.namespace, metadata.name));
      }
    }
    const keys = [...this.#dirty];
    this.#dirty.clear();
    const reported = [...this.#reported];
    this.#reported.clear();
    await inParallel(keys, (key) => this.#read(key));
    await inParallel(reported, ([key, instance]) => this.#readReport(key, instance));
    return this.#known;
  }

  /** As `all()` has read them last. */
  get known(): Iterable<KnownWorkload> {
    return this.#known.values();
  }

  /** Who calls whom; of what `all()` has read last. */
  links(): Links {
    this.#links ??= linksOf([...this.#known.values()].map(({ workload }) => workload));
    return this.#links;
  }

  async #read(key: string): Promise<void> {
    const { store, kinds } = this.#context;
    const workload = await store.get({ kind: kinds.workload, ...placeOf(key) });
    if (workload === undefined || workload.metadata.deletionTimestamp !== undefined) {
      this.#references.forget(key);
      this.#known.delete(key);
      return;
    }
    const places = new Map([...(await this.#identityPlaces(key, workload)), ...trustPlaces(workload)]);
    const plainTrusts = await this.#plainTrusts(key, workload);
    const reports = reportsIn(await instancesOf(this.#context, workload));
    this.#known.set(key, { workload, reports, places, plainTrusts });
  }

  async #readReport(key: string, { metadata, spec }: WorkloadInstance): Promise<void> {
    const known = this.#known.get(refTerm(spec.workloadRef, metadata.namespace));
    if (known === undefined) return;
    const { store, kinds } = this.#context;
    const instance = await store.get({ kind: kinds.workloadInstance, ...placeOf(key) });
    if (instance === undefined) known.reports.delete(spec.instance);
    else known.reports.set(spec.instance, reportIn(instance));
  }

  async #identityPlaces(key: string, { metadata, spec }: Workload): Promise<[string, string][]> {
    const { store, kinds } = this.#context;
    const places: [string, string][] = [];
    for (const { name, certificateRef, secretRef, keystoreRef } of spec.presents ?? []) {
      const keystorePlace = keystoreRef && refTerm(keystoreRef, metadata.namespace);
      let origin: Pick<Keystore['spec'], 'certificateRef' | 'secretRef'> = { certificateRef, secretRef };
      let { namespace } = metadata;
      if (keystorePlace !== undefined) {
        this.#references.add(key, `Keystore ${keystorePlace}`);
        const keystore = await store.get({ kind: kinds.keystore, ...placeOf(keystorePlace) });
        origin = keystore?.spec ?? {};
        namespace = keystore?.metadata.namespace ?? namespace;
      }
      if (origin.certificateRef) places.push([name, `Certificate ${refTerm(origin.certificateRef, namespace)}`]);
      else if (origin.secretRef) places.push([name, `Secret ${refTerm(origin.secretRef, namespace)}`]);
    }
    return places;
  }

  async #plainTrusts(key: string, workload: Workload): Promise<PlainTrust[]> {
    const plain = (workload.spec.trusts ?? []).filter(({ trustBundleRef }) => trustBundleRef === undefined);
    if (plain.length === 0) return [];
    const referred = await readReferred(this.#context, workload, (term) => this.#references.add(key, term));
    const desired = desiredMaterials(lookupIn(referred), workload, this.#context.clock.now(), this.#memo);
    const certificates = [...referred.keys()].filter((term) => term.startsWith('Certificate '));
    return plain.flatMap(({ name }) => {
      const material = desired.find((one) => one.name === name && one.kind === 'trust');
      if (material === undefined || !('certificates' in material)) return [];
      const anchors = material.certificates.map(({ certificate }) => certificate.fingerprint);
      return [{ place: plainPlace(workload, name), anchors, isWritten: isWritten(referred), certificates }];
    });
  }
}

async function inParallel<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  for (let from = 0; from < all.length; from += readAtOnce) {
    await Promise.all(all.slice(from, from + readAtOnce).map(work));
  }
}

const plainPlace = ({ metadata }: Workload, name: string): string =>
  `${objectTerm('Workload', metadata.namespace, metadata.name)} trusts ${name}`;

function trustPlaces(workload: Workload): [string, string][] {
  const { metadata, spec } = workload;
  return (spec.trusts ?? []).map(({ name, trustBundleRef }) => [
    name,
    trustBundleRef === undefined
      ? plainPlace(workload, name)
      : `TrustBundle ${refTerm(trustBundleRef, metadata.namespace)}`,
  ]);
}

/** Whether it is made from a bundle, or from a Secret that one is written into. */
export function isWritten(referred: Referred): boolean {
  return [...referred.values()].some(
    (object) =>
      object?.kind === 'TrustBundle' ||
      (object?.kind === 'Secret' && (object.metadata.ownerReferences ?? []).some(({ kind }) => kind === 'TrustBundle')),
  );
}
