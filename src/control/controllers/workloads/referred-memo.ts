import { certManagerKeys } from '#model/resources';
import type { Certificate, Secret } from '#model/resources';
import type { KubeObject } from '#model/objects';

type Read = () => Promise<KubeObject | undefined>;

/**
 * Certificates, and Secrets that they are issued into, as far as the marks of materials rest on them: a look at a Workload
 * reads again only what has changed. No key is kept, nor what only a key tells of. Bounded; what was asked for first goes
 * first. Whoever uses it tells it of every change.
 */
export class ReferredMemo {
  readonly #limit: number;
  readonly #known = new Map<string, KubeObject>();
  /** What is being read now; what changes meanwhile is not kept. */
  readonly #reading = new Map<string, Promise<KubeObject | undefined>>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The object has changed. */
  forget(term: string): void {
    this.#known.delete(term);
    this.#reading.delete(term);
  }

  async read(term: string, read: Read): Promise<KubeObject | undefined> {
    const known = this.#known.get(term) ?? this.#reading.get(term);
    if (known !== undefined) return known;
    const reading = read();
    this.#reading.set(term, reading);
    try {
      const object = await reading;
      const slim = object && slimOf(object);
      if (slim !== undefined && this.#reading.get(term) === reading) this.#keep(term, slim);
      return object;
    } finally {
      if (this.#reading.get(term) === reading) this.#reading.delete(term);
    }
  }

  #keep(term: string, object: KubeObject): void {
    if (this.#known.size >= this.#limit) this.#known.delete(this.#known.keys().next().value!);
    this.#known.set(term, object);
  }
}

function slimOf(object: KubeObject): KubeObject | undefined {
  if (object.kind === 'Certificate') return slimCertificate(object as Certificate);
  return object.kind === 'Secret' ? slimSecret(object) : undefined;
}

const slimCertificate = ({ apiVersion, kind, metadata, spec }: Certificate): KubeObject =>
  ({ apiVersion, kind, metadata: bare(metadata), spec }) as KubeObject;

/** Where a chain is longer than one certificate, its key and its issuers tell whether it is whole. */
function slimSecret({ apiVersion, kind, metadata, type, data = {} }: Secret): KubeObject | undefined {
  const { 'tls.crt': chain, 'tls.key': key, 'ca.crt': _, ...others } = data;
  const isIssued = metadata.annotations?.[certManagerKeys.certificateName] !== undefined;
  if (!isIssued || chain === undefined || key === undefined || !isAlone(chain)) return undefined;
  if (Object.keys(others).length > 0) return undefined;
  return { apiVersion, kind, metadata: bare(metadata), type, data: { ...data, 'tls.key': notKept } } as KubeObject;
}

/** That there is a key counts; the marks of what was issued are not made from it. */
const notKept = Buffer.from('not kept').toString('base64');

const begin = '-----BEGIN CERTIFICATE-----';

function isAlone(chain: string): boolean {
  const text = Buffer.from(chain, 'base64').toString('latin1');
  return text.includes(begin) && text.indexOf(begin) === text.lastIndexOf(begin);
}

function bare(metadata: KubeObject['metadata']): KubeObject['metadata'] {
  const { managedFields: _, ownerReferences: __, labels: ___, ...kept } = metadata;
  return kept;
}
