import { isCoded } from '#errors';
import { parseCertificatesPEM } from '#pki/x509';
import type { Certificate as X509 } from '#pki/x509';
import { certManagerKeys, chanceryKeys, refTerm } from '#model/resources';
import type { Certificate, Rotation, Secret } from '#model/resources';
import type { LoopContext } from '../context.ts';
import { placeOf } from '../queue-loop.ts';
import { nextCertificateName } from './authority-names.ts';

/** Where the CA of a Rotation is, and where the one before and the one to come are kept. */
export interface AuthorityPlace {
  readonly namespace: string;
  /** The Secret that issuers sign with. */
  readonly secretName: string;
  readonly previousName: string;
  readonly nextName: string;
  /** The CA, when it is a Certificate of ours. */
  readonly certificate: Certificate | undefined;
  /** The next CA was brought along, and its Secret is not ours to delete. */
  readonly isNextGiven: boolean;
}

/** The three Secrets as they are. */
export interface AuthoritySecrets {
  readonly signer: Secret | undefined;
  readonly previous: Secret | undefined;
  readonly next: Secret | undefined;
}

/** Undefined when the Certificate that the Rotation names does not exist. */
export async function authorityPlace(
  { store, kinds }: LoopContext,
  { metadata, spec }: Rotation,
): Promise<AuthorityPlace | undefined> {
  const { certificateRef, secretRef, nextSecretRef } = spec;
  const { namespace, name } = placeOf(refTerm((certificateRef ?? secretRef)!, metadata.namespace));
  const certificate =
    certificateRef === undefined ? undefined : await store.get({ kind: kinds.certificate, namespace, name });
  if (certificateRef !== undefined && certificate === undefined) return undefined;
  const secretName = certificate?.spec.secretName ?? name;
  return {
    namespace,
    secretName,
    previousName: `${secretName}-previous`,
    nextName: nextSecretRef?.name ?? `${secretName}-next`,
    certificate,
    isNextGiven: nextSecretRef !== undefined,
  };
}

/** A Secret that merely has such a name is nobody's to write or to delete, and is not seen. */
export async function readAuthoritySecrets(
  { store, kinds }: LoopContext,
  { namespace, secretName, previousName, nextName, certificate, isNextGiven }: AuthorityPlace,
): Promise<AuthoritySecrets> {
  const read = (name: string): Promise<Secret | undefined> => store.get({ kind: kinds.secret, namespace, name });
  const [signer, previous, next] = await Promise.all([read(secretName), read(previousName), read(nextName)]);
  const isOurs = ({ metadata: { annotations = {} } }: Secret): boolean =>
    annotations[chanceryKeys.rotation] !== undefined ||
    (certificate !== undefined && annotations[certManagerKeys.certificateName] === nextCertificateName(certificate));
  return {
    signer,
    previous: previous !== undefined && isOurs(previous) ? previous : undefined,
    next: next !== undefined && (isNextGiven || isOurs(next)) ? next : undefined,
  };
}

/** The certificates of a CA's Secret, the CA first, then those above it, each once; none when they cannot be read. */
export function chainIn(secret: Secret | undefined): readonly X509[] {
  const { data = {} } = secret ?? {};
  const known = chains.get(data) ?? readChain(data);
  chains.set(data, known);
  return known;
}

const chains = new WeakMap<object, readonly X509[]>();

function readChain(data: NonNullable<Secret['data']>): readonly X509[] {
  const all = [...certificatesIn(data['tls.crt']), ...certificatesIn(data['ca.crt'])];
  return [...new Map(all.map((certificate) => [certificate.fingerprint, certificate])).values()];
}

/** The certificates of a value of a Secret; none when there are none that can be read. */
export function certificatesIn(base64: string | undefined): readonly X509[] {
  if (!base64) return [];
  try {
    return parseCertificatesPEM(Buffer.from(base64, 'base64'));
  } catch (error) {
    if (!isCoded(error)) throw error;
    return [];
  }
}

/** The certificate with the fingerprint in whichever of the Secrets has it. */
export function findAuthority(secrets: AuthoritySecrets, fingerprint: string): X509 | undefined {
  for (const secret of [secrets.next, secrets.signer, secrets.previous]) {
    const found = chainIn(secret).find((one) => one.fingerprint === fingerprint);
    if (found !== undefined) return found;
  }
  return undefined;
}
