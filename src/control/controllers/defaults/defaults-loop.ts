import type { Draft, KubeObject } from '#model/objects';
import { chanceryKeys, systemNamespace } from '#model/resources';
import type { WorkResult } from '#control/runtime';
import { isCoded } from '#errors';
import { writeOptions } from '../context.ts';
import type { LoopChange, LoopContext } from '../context.ts';
import { QueueLoop } from '../queue-loop.ts';
import { defaultCertificates, defaultIssuer } from './default-certificates.ts';
import { defaultClientProfiles, defaultGateway, defaultServerProfile } from './default-profiles.ts';
import { defaultKeystores, defaultTruststores, followedNames } from './default-stores.ts';
import { followedCertificates } from './followed-certificates.ts';

const everything = 'defaults';

/**
 * Makes the profiles and stores of an installation and keeps them as they are meant to be: they follow the Certificates
 * of certain names, wherever those are. One key: all of them.
 */
export class DefaultsLoop extends QueueLoop {
  #gatewayMade = false;

  constructor(context: LoopContext) {
    super(context, {
      name: 'defaults',
      concurrency: 1,
      backOff: { firstMilliseconds: 1000, longestMilliseconds: 60_000 },
    });
  }

  override async start(): Promise<void> {
    this.queue.add(everything);
  }

  override onChange(change: LoopChange): void {
    if (change.resync || change.own || !this.#concerns(change)) return;
    this.queue.add(everything, change.object.metadata.resourceVersion);
  }

  /** A followed Certificate matters when it comes and goes, an own object whenever its spec or label changes. */
  #concerns({ kind, type, object, previous }: LoopChange): boolean {
    const isCertificate = kind === this.context.kinds.certificate;
    if (isCertificate && followedNames.has(object.metadata.name)) return type !== 'MODIFIED';
    if (!isDefault(object) && (previous === undefined || !isDefault(previous))) return false;
    return type === 'DELETED' || object.metadata.generation !== previous?.metadata.generation || !isDefault(object);
  }

  protected override async work(): Promise<WorkResult> {
    const followed = await followedCertificates(this.context, followedNames);
    const wanted: Draft[] = [
      defaultIssuer,
      ...defaultCertificates,
      ...defaultKeystores(followed),
      ...defaultTruststores(followed),
      defaultServerProfile,
      ...defaultClientProfiles,
    ];
    const wrote = await Promise.all(wanted.map((object) => this.#apply(object)));
    await this.#makeGateway();
    return { wrote };
  }

  /** Once in a run, when there is none: from then on it is its users'. */
  async #makeGateway(): Promise<void> {
    if (this.#gatewayMade) return;
    await createMissing(this.context, defaultGateway);
    this.#gatewayMade = true;
  }

  /** Writes nothing when it is there as it shall be. */
  async #apply(object: Draft): Promise<string> {
    const kind = this.context.registry.byKind(object.apiVersion, object.kind)!;
    const ref = { kind, namespace: systemNamespace, name: object.metadata.name! };
    const answer = await this.context.store.patch(ref, { type: 'apply', body: object, force: true }, writeOptions);
    return answer.object.metadata.resourceVersion;
  }
}

function isDefault({ metadata }: KubeObject): boolean {
  return metadata.namespace === systemNamespace && metadata.labels?.[chanceryKeys.isDefault] === 'true';
}

async function createMissing({ store, registry }: LoopContext, object: Draft): Promise<void> {
  const kind = registry.byKind(object.apiVersion, object.kind)!;
  const ref = { kind, namespace: systemNamespace, name: object.metadata.name! };
  try {
    if ((await store.get(ref)) === undefined) await store.create(ref, object, writeOptions);
  } catch (error) {
    if (!isCoded(error, 'already-exists')) throw error;
  }
}
