import { createHash } from 'node:crypto';
import type { ApiClient, ResourceAddress } from '#edge/api';
import type { KubeObject } from '#model/objects';
import { rotationKind, secretKind, type Rotation, type RotationStatus, type Secret } from '#model/resources';
import { parseCertificatesPEM, parsePrivateKeyPEM } from '#pki/x509';
import { authority, namespace } from './estate.ts';

type Stage = NonNullable<RotationStatus['stage']>;

/** A stage as it was seen. */
export interface Moment {
  readonly rotation: string;
  readonly stage: Stage;
  readonly generation: number;
  readonly result: RotationStatus['result'];
}

const followers: Readonly<Record<Stage, readonly Stage[]>> = {
  Stable: ['TrustBoth'],
  TrustBoth: ['Issue', 'Rollback'],
  Issue: ['Drain', 'Rollback'],
  Drain: ['Distrust', 'Rollback'],
  Distrust: ['Flush'],
  Flush: ['Stable'],
  Rollback: ['Withdraw'],
  Withdraw: ['Stable'],
};

/** What is wrong with one status after another: a stage that was skipped or taken back, a generation that fell. */
export function stageProblem(before: RotationStatus, after: RotationStatus): string | undefined {
  const [from, to] = [before.stage ?? 'Stable', after.stage ?? 'Stable'];
  const [least, reached] = [before.generation ?? 0, after.generation ?? 0];
  const step = `${from} at ${least} to ${to} at ${reached}`;
  if (before.completedTime !== undefined && JSON.stringify(before) !== JSON.stringify(after))
    return `changed after its end: ${step}`;
  const begun = JSON.stringify(before.history ?? []).slice(1, -1);
  if (
    !JSON.stringify(after.history ?? [])
      .slice(1, -1)
      .startsWith(begun)
  )
    return `rewrote its history: ${step}`;
  if (from === to && least === reached) return undefined;
  return followers[from].includes(to) && reached === least + 1 ? undefined : `not a step of a rotation: ${step}`;
}

/** A CA that lay in one of the Secrets of the rotated one. */
export interface SeenAuthority {
  readonly secret: string;
  readonly fingerprint: string;
  readonly key: string;
}

/** What is wrong with the Secrets of a CA: half a pair, or two CAs of one key. */
export class Authorities {
  readonly problems: string[] = [];
  readonly seen = new Map<string, SeenAuthority>();

  note({ metadata, data = {} }: Secret): void {
    if (![authority, `${authority}-next`, `${authority}-previous`].includes(metadata.name)) return;
    const text = (key: string): string => Buffer.from(data[key] ?? '', 'base64').toString();
    const [certificate] = parseCertificatesPEM(text('tls.crt'));
    if (certificate === undefined) return;
    const { name, resourceVersion } = metadata;
    if (!parsePrivateKeyPEM(text('tls.key')).matches(certificate.spki))
      this.problems.push(`Secret ${name} at ${resourceVersion} is half written`);
    const key = createHash('sha256').update(certificate.spki).digest('hex').slice(0, 16);
    const { fingerprint } = certificate;
    const other = [...this.seen.values()].find((one) => one.key === key && one.fingerprint !== fingerprint);
    if (other !== undefined)
      this.problems.push(`${name} at ${resourceVersion}: a second CA with the key of ${other.secret}`);
    if (!this.seen.has(fingerprint)) this.seen.set(fingerprint, { secret: name, fingerprint, key });
  }
}

/** All that the watches have shown, over all the lives of the control plane. */
export class Sightings {
  readonly authorities = new Authorities();
  readonly problems: string[] = [];
  readonly moments: Moment[] = [];
  readonly #statuses = new Map<string, RotationStatus>();
  readonly #revisions = new Map<string, string>();
  #waiting: (() => void)[] = [];

  /** The newest status that was seen. */
  status(rotation: string): RotationStatus {
    return this.#statuses.get(rotation) ?? {};
  }

  /** Resolves when the rotation is seen with a generation above `after`, or at its end. */
  async beyond(rotation: string, after: number, seconds: number): Promise<RotationStatus | undefined> {
    const end = Date.now() + seconds * 1000;
    for (;;) {
      const status = this.status(rotation);
      if ((status.generation ?? 0) > after) return status;
      const left = end - Date.now();
      if (left <= 0) return undefined;
      const woken = Promise.withResolvers<void>();
      const timer = setTimeout(woken.resolve, left);
      this.#waiting.push(woken.resolve);
      await woken.promise;
      clearTimeout(timer);
    }
  }

  /** Watches from where it ended before, until the control plane is gone. */
  async follow(client: ApiClient): Promise<void> {
    await Promise.all([this.#follow(client, rotationKind), this.#follow(client, secretKind)]);
  }

  async #follow(client: ApiClient, kind: ResourceAddress): Promise<void> {
    const resourceVersion = this.#revisions.get(kind.plural) ?? '1';
    try {
      const events = client.watch<KubeObject>(kind, { namespace, resourceVersion, timeoutSeconds: 600 });
      for await (const { type, object } of events) {
        this.#revisions.set(kind.plural, object.metadata.resourceVersion);
        if (type === 'BOOKMARK' || type === 'DELETED') continue;
        if (object.kind === 'Rotation') this.#noteRotation(object as Rotation);
        else this.authorities.note(object);
      }
    } catch (error) {
      this.#noteEnd(error);
    }
  }

  /** A watch ends with its server; a server that answers something else is a problem. */
  #noteEnd(error: unknown): void {
    const { code } = error as { readonly code?: unknown };
    if (code !== 'unreachable') this.problems.push(`a watch ended: ${String(error)}`);
  }

  #noteRotation({ metadata: { name }, status = {} }: Rotation): void {
    const before = this.status(name);
    const problem = stageProblem(before, status);
    if (problem !== undefined) this.problems.push(`${name}: ${problem}`);
    this.#statuses.set(name, status);
    if ((status.generation ?? 0) === (before.generation ?? 0)) return;
    const { stage = 'Stable', generation = 0, result } = status;
    this.moments.push({ rotation: name, stage, generation, result });
    for (const wake of this.#waiting.splice(0)) wake();
  }
}
