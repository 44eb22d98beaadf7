import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ApiClient } from '#edge/api';
import { isCoded } from '#errors';
import { isConditionTrue, type Draft, type Json, type KubeObject } from '#model/objects';
import {
  certificateKind,
  certificateRequestKind,
  certManagerKeys,
  eventKind,
  namespaceKind,
  secretKind,
} from '#model/resources';
import type { Certificate, CertificateRequest, CertificateSpec, Event, Secret } from '#model/resources';
import { startControlPlane, type ControlPlane } from '../installation/control-plane.ts';

export const namespace = 'conformance';

/** A Certificate that is Ready, with its Secret's values as text. */
export interface IssuedCertificate {
  readonly certificate: Certificate;
  readonly secret: Secret;
  readonly keyPEM: string;
  /** As in `tls.crt`, one certificate each. */
  readonly chain: readonly string[];
  readonly caPEM: string;
}

type PartialSpec = Partial<CertificateSpec> & Pick<CertificateSpec, 'issuerRef'>;
type Metadata = Draft['metadata'];

const patience = 30_000;

/** The control plane that the suite runs against. */
export class Subject {
  readonly folder = mkdtempSync(join(tmpdir(), 'chancery-conformance-'));
  #server: ControlPlane | undefined;

  get client(): ApiClient {
    return this.#server!.client;
  }

  async start(): Promise<void> {
    this.#server = await startControlPlane(join(this.folder, 'data'));
    for (const name of [namespace, 'cert-manager'])
      await this.client.create(namespaceKind, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  }

  async stop(): Promise<void> {
    await this.#server?.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Creates a Certificate whose Secret has its name, unless the spec names another. */
  async declare(name: string, spec: PartialSpec, metadata: Metadata = {}): Promise<Certificate> {
    const object = certificateDraft(name, spec, metadata);
    return this.client.create(certificateKind, object, { fieldValidation: 'Strict' });
  }

  async issue(name: string, spec: PartialSpec, metadata: Metadata = {}): Promise<IssuedCertificate> {
    await this.declare(name, spec, metadata);
    return this.untilReady(name);
  }

  /** Changes the spec by a merge patch and waits until the certificate is Ready for it. */
  async change(name: string, spec: Json): Promise<IssuedCertificate> {
    await this.client.patch(certificateKind, name, 'merge', { spec }, { namespace });
    return this.untilReady(name);
  }

  /** Waits until the Certificate is Ready for its present spec and nothing is under way, and optionally of a revision. */
  async untilReady(name: string, revision = 1): Promise<IssuedCertificate> {
    const certificate = await this.until(
      () => this.certificate(name),
      (found) => isSettled(found) && (found.status?.revision ?? 0) >= revision,
    );
    const secret = await this.secret(certificate.spec.secretName);
    return {
      certificate,
      secret,
      keyPEM: textOf(secret, 'tls.key'),
      chain: splitPEM(textOf(secret, 'tls.crt')),
      caPEM: textOf(secret, 'ca.crt'),
    };
  }

  certificate(name: string): Promise<Certificate> {
    return this.client.get(certificateKind, name, namespace);
  }

  secret(name: string): Promise<Secret> {
    return this.client.get(secretKind, name, namespace);
  }

  /** The Secret, as soon as it is how it should be. */
  secretWhen(name: string, isSo: (secret: Secret) => boolean): Promise<Secret> {
    return this.until(() => this.secret(name), isSo);
  }

  /** The requests that belong to a Certificate. */
  async requests(name: string): Promise<CertificateRequest[]> {
    const { items } = await this.client.list<CertificateRequest>(certificateRequestKind, { namespace });
    return items.filter(({ metadata }) => metadata.annotations?.[certManagerKeys.certificateName] === name);
  }

  /** The first event about an object of that name whose message fits. */
  async event(about: string, message: RegExp): Promise<Event> {
    const search = async (): Promise<Event> => {
      const { items } = await this.client.list<Event>(eventKind, { namespace });
      const found = items.find((event) => event.involvedObject.name === about && message.test(event.message ?? ''));
      return found ?? this.client.get<Event>(eventKind, 'none', namespace);
    };
    return this.until(search, () => true);
  }

  /** What `read` gives as soon as it fits; an absent object does not fit yet. Fails with the last answer. */
  async until<T extends KubeObject>(read: () => Promise<T>, isSo: (found: T) => boolean): Promise<T> {
    const deadline = Date.now() + patience;
    for (;;) {
      const found = await read().catch((error: unknown) => {
        if (isCoded(error, 'not-found')) return undefined;
        throw error;
      });
      if (found !== undefined && isSo(found)) return found;
      assert.ok(Date.now() < deadline, `did not come about: ${describe(found)}`);
      await delay(10);
    }
  }
}

function describe(object: KubeObject | undefined): string {
  if (object === undefined) return 'nothing is there';
  if (object.kind !== 'Certificate')
    return `${object.kind} ${object.metadata.name}, ${JSON.stringify(object.metadata)}`;
  return JSON.stringify({ name: object.metadata.name, ...(object as Certificate).status });
}

function isSettled({ metadata, status }: Certificate): boolean {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  const current = ready?.status === 'True' && ready.observedGeneration === metadata.generation;
  return current && !isConditionTrue(status?.conditions, 'Issuing');
}

function certificateDraft(name: string, spec: PartialSpec, metadata: Metadata): Draft<Certificate> {
  return {
    apiVersion: 'cert-manager.io/v1',
    kind: 'Certificate',
    metadata: { ...metadata, name, namespace },
    spec: { secretName: name, ...spec },
  };
}

/** A value of a Secret as text; empty when it is absent. */
export function textOf({ data = {} }: Secret, key: string): string {
  return Buffer.from(data[key] ?? '', 'base64').toString();
}

export function splitPEM(text: string): string[] {
  return text.match(/-----BEGIN [^-]+-----[^-]+-----END [^-]+-----\n?/g) ?? [];
}
