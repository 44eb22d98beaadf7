import { isCoded } from '#errors';
import { parseCertificatesPEM } from '#pki/x509';
import type { Certificate as X509 } from '#pki/x509';
import { BoundedMemo, certManagerKeys } from '#model/resources';
import { createStoreMemo, noMemo, objectTerm } from '#model/stores';
import type { StoreMemo } from '#model/stores';
import { placeOf } from '../queue-loop.ts';
import type { Referred } from '../stores/referred-objects.ts';

type KeystoreReading = ReturnType<StoreMemo['readKeystore']>;
type Contents = Extract<KeystoreReading, { ok: true }>['value'];
type Entry = Contents['entries'][number];

const rememberedTrust = 256;
/** A few hundred bytes each. */
const rememberedKeys = 20_000;

/**
 * What the marks of materials rest on: of a key only which certificates come with it. Nothing of a key is remembered, and
 * that of a Secret which a Certificate was issued into is not even read: the loop that wrote it has.
 */
export class MarkMemo {
  readonly #trust = createStoreMemo(rememberedTrust);
  readonly #keys = new BoundedMemo<KeystoreReading>(rememberedKeys);

  /** For one Workload and what it refers to. */
  over(referred: Referred): StoreMemo {
    return {
      readTruststore: (source, now) => this.#trust.readTruststore(source, now),
      readPart: (part, now) => this.#trust.readPart(part, now),
      readKeystore: (source, now) =>
        this.#keys.get(source.version, () => {
          const issued = isIssued(referred, source.secretName) ? issuedChain(source.files[0]?.bytes) : undefined;
          if (issued !== undefined) return { ok: true, value: issued };
          const read = noMemo.readKeystore(source, now);
          return read.ok ? { ok: true, value: slim(read.value) } : read;
        }),
    };
  }
}

function isIssued(referred: Referred, secretName: string): boolean {
  const { namespace, name } = placeOf(secretName);
  const annotations = referred.get(objectTerm('Secret', namespace, name))?.metadata.annotations;
  return annotations?.[certManagerKeys.certificateName] !== undefined;
}

/** Of `tls.crt` with one certificate alone, which is presented as it is. */
function issuedChain(bytes: Uint8Array | undefined): Contents | undefined {
  try {
    const chain = bytes === undefined ? [] : parseCertificatesPEM(bytes);
    if (chain.length !== 1) return undefined;
    return { format: 'PEM', findings: [], flaw: undefined, entries: [slimEntry('', chain)] };
  } catch (error) {
    if (!isCoded(error)) throw error;
    return undefined;
  }
}

const slim = ({ format, entries, flaw }: Contents): Contents => ({
  format,
  flaw,
  findings: [],
  entries: entries.map(({ alias, chain }) => slimEntry(alias, chain)),
});

/** No more of the certificates than marks are made of. */
function slimEntry(alias: string, chain: readonly X509[]): Entry {
  const certificates = chain.map(({ fingerprint, subjectText, notBefore, notAfter }) => ({
    fingerprint,
    subjectText,
    notBefore: new Date(notBefore),
    notAfter: new Date(notAfter),
  }));
  return { alias, chain: certificates, certificate: certificates[0] } as unknown as Entry;
}
