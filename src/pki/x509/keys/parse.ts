import { CodedError, isCoded } from '#errors';
import { DERCursor, Tag, parseDER, readOID } from '../der/index.ts';
import { findPEM } from '../pem.ts';
import type { PEMBlock } from '../pem.ts';
import { importPrivateKey, privateKeyFromKeyObject } from './private-key.ts';
import type { PrivateKey } from './private-key.ts';
import { ecPublicKey, ed25519OID, rsaEncryption } from './oids.ts';

type KeyFormat = 'pkcs1' | 'pkcs8' | 'sec1';

const formats: ReadonlyMap<string, KeyFormat> = new Map([
  ['RSA PRIVATE KEY', 'pkcs1'],
  ['EC PRIVATE KEY', 'sec1'],
  ['PRIVATE KEY', 'pkcs8'],
]);

const labels = [...formats.keys(), 'ENCRYPTED PRIVATE KEY'];
const limits = { maxBytes: 65_536, maxDepth: 12 };

/**
 * The first private key of a PEM text; `EC PARAMETERS` and certificates around it are passed over. Fails with
 * pem-malformed when there is none, key-unsupported when it is encrypted or of another kind, key-malformed otherwise.
 */
export function parsePrivateKeyPEM(source: string | Uint8Array): PrivateKey {
  const [block] = findPEM(source, labels, 'private key');
  refuseEncrypted(block!);
  return importKey(block!.der, formats.get(block!.label)!);
}

/** A private key in PKCS#8, PKCS#1 or SEC1; the format is seen from the structure. Fails as `parsePrivateKeyPEM`. */
export function parsePrivateKeyDER(der: Uint8Array): PrivateKey {
  return importKey(der, detectFormat(der));
}

function refuseEncrypted(block: PEMBlock): void {
  if (!block.encrypted && block.label !== 'ENCRYPTED PRIVATE KEY') return;
  throw new CodedError('key-unsupported', 'the private key is encrypted', {
    hint: 'Decrypt it first: openssl pkey -in key.pem -out plain.pem',
  });
}

function importKey(der: Uint8Array, format: KeyFormat): PrivateKey {
  if (format === 'pkcs8') requireKnownAlgorithm(der);
  return privateKeyFromKeyObject(importPrivateKey(der, format));
}

/** All three begin with a version; then comes an INTEGER in PKCS#1, an OCTET STRING in SEC1, a SEQUENCE in PKCS#8. */
function detectFormat(der: Uint8Array): KeyFormat {
  const fields = openKey(der);
  fields.next(Tag.integer, 'version');
  if (fields.nextTag === Tag.integer) return 'pkcs1';
  return fields.nextTag === Tag.octetString ? 'sec1' : 'pkcs8';
}

const knownAlgorithms = new Set([rsaEncryption, ecPublicKey, ed25519OID]);

function requireKnownAlgorithm(der: Uint8Array): void {
  const fields = openKey(der);
  const algorithm = asKeyFault(() => {
    fields.next(Tag.integer, 'version');
    return readOID(new DERCursor(fields.next(Tag.sequence, 'key algorithm')).next(), 'key algorithm');
  });
  if (!knownAlgorithms.has(algorithm)) {
    throw new CodedError('key-unsupported', `private key algorithm ${algorithm} is not supported`);
  }
}

function openKey(der: Uint8Array): DERCursor {
  return asKeyFault(() => new DERCursor(parseDER(der, limits).expect(Tag.sequence, 'private key')));
}

function asKeyFault<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!isCoded(error, 'der-malformed')) throw error;
    throw new CodedError(
      'key-malformed',
      'the private key is not valid DER',
      error.field ? { field: error.field } : {},
    );
  }
}
