import type { ApiClient, WatchEvent } from '#edge/api';
import type { KubeObject } from '#model/objects';
import { certificateKind, certificateRequestKind, certManagerKeys, secretKind } from '#model/resources';
import type { CertificateRequest, Kind, Secret } from '#model/resources';
import { parseCertificateRequestPEM } from '#pki/x509';
import { versionOf } from './journal.ts';

/** A CertificateRequest that carried a certificate at some time. */
export interface Issued {
  readonly certificateName: string;
  readonly revision: number;
  readonly requestUid: string;
  /** The names that the request asked for: a spec that changes before its certificate is stored is asked for again. */
  readonly asked: string;
  /** Base64 of PEM, as the API has it. */
  readonly certificate: string;
}

/** All that the watches of one data directory have shown, across the restarts of the server. */
export class Sightings {
  /** Everything that carried a certificate, without repetitions. */
  readonly issued = new Map<string, Issued>();
  /** Each Secret's successive contents of `tls.crt`. */
  readonly stored = new Map<string, string[]>();
  /** Every version of a TLS Secret whose pair has not been checked yet. */
  unchecked: Secret[] = [];
  readonly backwards: string[] = [];
  events = 0;
  readonly #seen = new Map<string, number>();
  readonly #last = new Map<string, number>();

  last(plural: string): string {
    return String(this.#last.get(plural) ?? 1);
  }

  hasSeen({ kind, metadata }: KubeObject, version: number): boolean {
    return (this.#seen.get(`${kind}/${metadata.name}`) ?? 0) >= version;
  }

  note(plural: string, { type, object }: Pick<WatchEvent, 'type' | 'object'>): void {
    this.#noteVersion(plural, object);
    if (type === 'BOOKMARK') return;
    this.events += 1;
    if (type === 'DELETED') return;
    if (object.kind === 'CertificateRequest') this.#noteRequest(object as CertificateRequest);
    if (object.kind === 'Secret') this.#noteSecret(object);
  }

  #noteVersion(plural: string, object: KubeObject): void {
    const version = versionOf(object);
    const last = this.#last.get(plural) ?? 0;
    // A bookmark repeats the revision of the event before it.
    if (version < last || (version === last && object.metadata.uid !== undefined))
      this.backwards.push(`the watch of ${plural} went from revision ${last} to ${version}`);
    this.#last.set(plural, Math.max(version, last));
    this.#seen.set(`${object.kind}/${object.metadata.name}`, version);
  }

  #noteRequest({ metadata, spec, status }: CertificateRequest): void {
    const certificate = status?.certificate;
    if (certificate === undefined || certificate === '') return;
    const certificateName = metadata.annotations?.[certManagerKeys.certificateName] ?? '';
    const revision = Number(metadata.annotations?.[certManagerKeys.certificateRevision]);
    const key = `${metadata.uid} ${revision} ${certificate}`;
    const asked = namesIn(spec.request);
    this.issued.set(key, { certificateName, revision, requestUid: metadata.uid, asked, certificate });
  }

  #noteSecret(secret: Secret): void {
    if (secret.type !== 'kubernetes.io/tls') return;
    const certificate = secret.data?.['tls.crt'] ?? '';
    const stored = this.stored.get(secret.metadata.name) ?? [];
    if (stored.at(-1) !== certificate) this.stored.set(secret.metadata.name, [...stored, certificate]);
    this.unchecked.push(secret);
  }
}

function namesIn(request: string): string {
  const pem = Buffer.from(request, 'base64').toString();
  return parseCertificateRequestPEM(pem).subjectAltNames.dnsNames.join(' ');
}

const watched: readonly Kind[] = [certificateKind, certificateRequestKind, secretKind] as never;

/** Watches from where the sightings end, until the server is gone or `signal` aborts. Failures are the end, too. */
export function follow(
  client: ApiClient,
  namespace: string,
  sightings: Sightings,
  onEvent: () => void,
  signal: AbortSignal,
): Promise<unknown[]> {
  return Promise.all(
    watched.map(async (kind) => {
      const resourceVersion = sightings.last(kind.plural);
      try {
        for await (const event of client.watch(kind, { namespace, resourceVersion, signal, timeoutSeconds: 600 })) {
          sightings.note(kind.plural, event);
          onEvent();
        }
      } catch (error) {
        return error;
      }
      return undefined;
    }),
  );
}
