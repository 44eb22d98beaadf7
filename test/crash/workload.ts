import type { ApiClient, ResourceAddress } from '#edge/api';
import { isCoded } from '#errors';
import { formatTimestamp, type Condition, type Draft, type KubeObject } from '#model/objects';
import { certificateKind, configMapKind, issuerKind, type Certificate } from '#model/resources';
import { authority, changedSpec, draft, lastingIssuers, leafSpec, namespace } from './declarations.ts';
import { contentOf, keyOf, versionOf, type Content, type Journal } from './journal.ts';
import type { Seeded } from './seeded.ts';

const kinds: Readonly<Record<string, ResourceAddress>> = {
  Certificate: certificateKind,
  Issuer: issuerKind,
  ConfigMap: configMapKind,
};

const fieldManager = 'crash';
const mostCertificates = 300;

/** Writers that declare, change, renew and delete without end, and enter every question and answer into the journal. */
export class Workload {
  readonly #client: ApiClient;
  readonly #journal: Journal;
  readonly #random: Seeded;
  readonly #onAnswer: () => void;
  /** Objects that a writer is busy with: no two write the same one. */
  readonly #busy = new Set<string>();
  readonly #round: number;
  #serial = 0;
  #stopped = false;

  constructor(client: ApiClient, journal: Journal, random: Seeded, round: number, onAnswer: () => void) {
    this.#client = client;
    this.#journal = journal;
    this.#random = random;
    this.#round = round;
    this.#onAnswer = onAnswer;
  }

  /** Until `stop`; failures after it are those of a killed server. */
  async run(writers: number): Promise<void> {
    await Promise.all(Array.from({ length: writers }, () => this.#write()));
  }

  stop(): void {
    this.#stopped = true;
  }

  async #write(): Promise<void> {
    while (!this.#stopped) {
      try {
        await this.#writeOne();
        this.#onAnswer();
      } catch (error) {
        if (!this.#stopped) throw error;
      }
    }
  }

  #writeOne(): Promise<void> {
    const crowded = this.#journal.names('Certificate').length > mostCertificates;
    const choice = this.#random.next() * (crowded ? 0.5 : 1);
    if (choice < 0.12) return this.#onSome((name) => this.#change(name));
    if (choice < 0.22) return this.#onSome((name) => this.#renew(name));
    if (choice < (crowded ? 0.5 : 0.27)) return this.#onSome((name) => this.#delete(name));
    if (choice < 0.32) return this.create(draft('ConfigMap', this.#name('map'), { round: `${this.#round}` }));
    if (choice < 0.35) return this.#makeAuthority();
    return this.#makeLeaf(this.#random.pick(lastingIssuers));
  }

  #name(beginning: string): string {
    return `${beginning}-${this.#round}-${this.#serial++}`;
  }

  #makeLeaf(issuer: string): Promise<void> {
    const name = this.#name('leaf');
    return this.create(draft('Certificate', name, leafSpec(name, issuer, this.#random)));
  }

  /** Certificates first, their issuer last: they wait with a stored request and a stored key until it is there. */
  async #makeAuthority(): Promise<void> {
    const name = this.#name('ca');
    await Promise.all([this.#makeLeaf(name), this.#makeLeaf(name)]);
    const [certificate, issuer] = authority(name, 'selfsigned', { algorithm: 'ECDSA', size: 256 });
    try {
      await this.create(issuer);
    } finally {
      // Without it the leaves above would wait for ever; a killed server is told in the next round.
      await this.create(certificate).catch(() => undefined);
    }
  }

  async create(object: Draft): Promise<void> {
    await this.#ask(keyOf(object), contentOf(object), () => this.#client.create(kinds[object.kind]!, object));
  }

  /** A write that is answered, refused, or neither: then it may have happened. */
  async #ask(key: string, content: Content, send: () => Promise<KubeObject>): Promise<void> {
    this.#busy.add(key);
    this.#journal.asks(key, content);
    try {
      this.#journal.answered(key, content, versionOf(await send()));
    } catch (error) {
      if (!isCoded(error, 'conflict')) throw error;
      this.#journal.refused(key);
    } finally {
      this.#busy.delete(key);
    }
  }

  /** Takes an existing leaf that no other writer is busy with, if there is one. */
  async #onSome(write: (name: string) => Promise<void>): Promise<void> {
    const leaves = this.#journal.names('Certificate').filter((name) => this.#isFree(name));
    if (leaves.length === 0) return this.#makeLeaf(this.#random.pick(lastingIssuers));
    await write(this.#random.pick(leaves));
  }

  #isFree(name: string): boolean {
    const key = `Certificate/${name}`;
    return name.startsWith('leaf-') && !this.#busy.has(key) && this.#journal.content(key) !== undefined;
  }

  async #change(name: string): Promise<void> {
    const key = `Certificate/${name}`;
    const spec = this.#journal.content(key) as Parameters<typeof changedSpec>[0];
    const next = changedSpec(spec, this.#serial++, this.#random);
    const object = draft('Certificate', name, next);
    const ways = [
      () => this.#client.patch(certificateKind, name, 'merge', { spec: next }, { namespace, fieldManager }),
      () => this.#replace(object),
      async () =>
        (await this.#client.apply(certificateKind, object, { fieldManager: 'crash-apply', force: true })).object,
    ];
    await this.#ask(key, next, this.#random.pick(ways));
  }

  async #replace(object: Draft): Promise<KubeObject> {
    const { metadata } = await this.#client.get(certificateKind, object.metadata.name!, namespace);
    const { resourceVersion } = metadata;
    return this.#client.update(certificateKind, { ...object, metadata: { ...object.metadata, resourceVersion } });
  }

  async #delete(name: string): Promise<void> {
    const key = `Certificate/${name}`;
    this.#busy.add(key);
    this.#journal.asks(key, undefined);
    await this.#client.delete(certificateKind, name, { namespace });
    this.#journal.answered(key, undefined, 0);
  }

  /** As `chancery renew` does; a lost race against the loops is no renewal. */
  async #renew(name: string): Promise<void> {
    this.#busy.add(`Certificate/${name}`);
    try {
      const certificate = await this.#client.get<Certificate>(certificateKind, name, namespace);
      const request = { namespace, subresource: 'status', fieldManager } as const;
      const answer = await this.#client.update<Certificate>(certificateKind, withRenewal(certificate), request);
      this.#journal.renewed(name, (answer.status?.revision ?? 0) + 1);
    } catch (error) {
      if (!isCoded(error, 'conflict')) throw error;
    } finally {
      this.#busy.delete(`Certificate/${name}`);
    }
  }
}

function withRenewal(certificate: Certificate): Certificate {
  const issuing: Condition = {
    type: 'Issuing',
    status: 'True',
    reason: 'ManuallyTriggered',
    message: 'Certificate re-issuance manually triggered',
    lastTransitionTime: formatTimestamp(new Date()),
  };
  const others = (certificate.status?.conditions ?? []).filter(({ type }) => type !== 'Issuing');
  return { ...certificate, status: { ...certificate.status, conditions: [...others, issuing] } };
}
