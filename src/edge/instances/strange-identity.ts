import { randomBytes } from 'node:crypto';
import {
  algorithmIdentifier,
  authorityKeyIdExtension,
  basicConstraintsExtension,
  bitString,
  defaultSignatureAlgorithm,
  encode,
  encodeExtensions,
  encodeName,
  explicit,
  extendedKeyUsageExtension,
  formatPEM,
  generateKey,
  integer,
  keyIdentifier,
  nameFromSubject,
  p256,
  sequence,
  signBytes,
  time,
  unsignedInteger,
  type Certificate,
  type KeySpec,
} from '#pki/x509';

/** A certificate that nobody who checks it may accept, with its key; PEM. */
export interface ClientIdentity {
  readonly cert: string;
  readonly key: string;
}

const hour = 3_600_000;

/**
 * A client certificate that claims to be issued by `claimed`, or by an authority that does not exist, and is signed by a
 * key that nobody knows. A server that trusts the claimed authority finds it and refuses the signature; one that does not
 * refuses the authority: so it tells what it trusts, to somebody who has none of the keys.
 */
export function strangeIdentity(claimed: Certificate | undefined, now: Date): ClientIdentity {
  const [key, signer] = [generateKey(p256), generateKey(p256)];
  // An authority with a key of another kind is not even considered: OpenSSL would take it for one that it does not know.
  const claimedKey = claimed?.keySpec ?? signer.spec;
  const algorithm = defaultSignatureAlgorithm(claimedKey);
  const name = encodeName(nameFromSubject({ commonName: `chancery probe ${randomBytes(6).toString('hex')}` }));
  const issuerKeyId = claimed === undefined ? keyIdentifier(signer.spki) : claimed.subjectKeyId;
  const extensions = [
    basicConstraintsExtension({ isCA: false }),
    extendedKeyUsageExtension(['client auth']),
    ...(issuerKeyId === undefined ? [] : [authorityKeyIdExtension(issuerKeyId)]),
  ];
  const tbs = sequence(
    explicit(0, integer(2)),
    unsignedInteger(Uint8Array.from([0x40, ...randomBytes(15)])),
    algorithmIdentifier(algorithm),
    claimed?.rawSubject ?? encodeName(nameFromSubject({ commonName: 'chancery probe authority' })),
    sequence(time(new Date(now.getTime() - hour)), time(new Date(now.getTime() + hour))),
    name,
    key.spki,
    encode(0xa3, encodeExtensions(extensions)),
  );
  const isECDSA = claimedKey.algorithm === 'ECDSA';
  const signature = isECDSA ? signBytes(tbs, signer.keyObject, algorithm) : nonsense(claimedKey);
  const der = sequence(tbs, algorithmIdentifier(algorithm), bitString(signature));
  return { cert: formatPEM('CERTIFICATE', der), key: key.toPEM('PKCS8') };
}

/** What no key has signed, as long as a signature by such a key. */
function nonsense({ algorithm, size }: KeySpec): Uint8Array {
  const bytes = randomBytes(algorithm === 'RSA' ? Math.ceil(size / 8) : 64);
  bytes[0] = 0;
  return bytes;
}
