import { CodedError } from '#errors';
import {
  DERCursor,
  Tag,
  bitString,
  constructedTag,
  encode,
  integer,
  malformedDER,
  oid,
  parseDER,
  readBitString,
  readOID,
  readSmallInteger,
  rememberOIDs,
  sequence,
  setOf,
} from '../der/index.ts';
import type { DERElement } from '../der/index.ts';
import { encodeExtensions, groupAltNames, readExtensions } from '../extensions/index.ts';
import type {
  BasicConstraints,
  Extension,
  GeneralName,
  KeyUsage,
  NameConstraints,
  SubjectAltNames,
} from '../extensions/index.ts';
import { publicKeyObject } from '../keys/index.ts';
import type { KeySpec, PrivateKey } from '../keys/index.ts';
import { emptyName, readName } from '../names/name.ts';
import type { Name } from '../names/name.ts';
import { findPEM, formatPEM } from '../pem.ts';
import {
  algorithmIdentifier,
  chooseSignatureAlgorithm,
  signBytes,
  signatureAlgorithmName,
  verifyBytes,
} from '../signature.ts';
import type { SignatureAlgorithm } from '../signature.ts';
import { asFault, readKnownExtensions, readKnownKeySpec } from './parse.ts';

/** What a certificate takes over from its request. */
export interface RequestedIdentity {
  readonly rawSubject: Uint8Array;
  readonly spki: Uint8Array;
  readonly altNames: readonly GeneralName[];
  readonly nameConstraints: NameConstraints | undefined;
}

/** A PKCS#10 certificate request (RFC 2986), read strictly. Bytes are views on `der`. */
export interface CertificateSigningRequest extends RequestedIdentity {
  readonly der: Uint8Array;
  /** The bytes that are signed. */
  readonly info: Uint8Array;
  readonly subject: Name;
  readonly keySpec: KeySpec | undefined;
  readonly extensions: readonly Extension[];
  readonly subjectAltNames: SubjectAltNames;
  readonly basicConstraints: BasicConstraints | undefined;
  readonly keyUsages: readonly KeyUsage[] | undefined;
  readonly extendedKeyUsages: readonly string[] | undefined;
  /** cert-manager's name, or a dotted identifier. */
  readonly signatureAlgorithm: string;
  readonly signatureOID: string;
  readonly signature: Uint8Array;
}

const limits = { maxBytes: 262_144, maxDepth: 24 };
const extensionRequest = '1.2.840.113549.1.9.14';
const extensionRequestOID = oid(extensionRequest);
const version = integer(0);
const attributesTag = constructedTag(0);
rememberOIDs([extensionRequest]);

/** Reads a PKCS#10 request. The signature is not checked. Fails with request-malformed; above 256 KiB too. */
export function parseCertificateRequest(der: Uint8Array): CertificateSigningRequest {
  return asFault('request-malformed', 'certificate request', () => readRequest(der));
}

/** The first request of a PEM text. Fails with pem-malformed or request-malformed. */
export function parseCertificateRequestPEM(source: string | Uint8Array): CertificateSigningRequest {
  const [block] = findPEM(source, ['CERTIFICATE REQUEST', 'NEW CERTIFICATE REQUEST'], 'certificate request');
  return parseCertificateRequest(block!.der);
}

/** Whether the request is signed by the key it holds; false too when that key cannot be used. */
export function isRequestSigned(request: CertificateSigningRequest): boolean {
  try {
    const { info, signatureOID, signature, spki } = request;
    return verifyBytes(info, publicKeyObject(spki), signatureOID, signature) ?? false;
  } catch {
    return false;
  }
}

/** What a request asks for. */
export interface RequestContent {
  /** DER name; empty when left out. */
  readonly subject?: Uint8Array;
  readonly extensions?: readonly Extension[];
  /** Left out: by the key. */
  readonly signatureAlgorithm?: SignatureAlgorithm;
}

/** DER of a request for `key`, signed by it. Fails with key-unsupported when the key cannot sign with that algorithm. */
export function buildCertificateRequest(key: PrivateKey, content: RequestContent): Uint8Array {
  const algorithm = chooseSignatureAlgorithm(key.spec, content.signatureAlgorithm);
  const info = sequence(version, content.subject ?? emptyName, key.spki, encodeAttributes(content.extensions ?? []));
  return sequence(info, algorithmIdentifier(algorithm), bitString(signBytes(info, key.keyObject, algorithm)));
}

/** What reading the request that `buildCertificateRequest` makes of the same arguments would give. */
export function requestedIdentity({ spki }: PrivateKey, { subject, extensions }: RequestContent): RequestedIdentity {
  const { altNames, nameConstraints } = readKnownExtensions(extensions ?? []);
  return { rawSubject: subject ?? emptyName, spki, altNames, nameConstraints };
}

export function formatCertificateRequestPEM(der: Uint8Array): string {
  return formatPEM('CERTIFICATE REQUEST', der);
}

function encodeAttributes(extensions: readonly Extension[]): Uint8Array {
  if (extensions.length === 0) return encode(attributesTag);
  return encode(attributesTag, sequence(extensionRequestOID, setOf(encodeExtensions(extensions))));
}

function readRequest(der: Uint8Array): CertificateSigningRequest {
  const outer = new DERCursor(parseDER(der, limits).expect(Tag.sequence, 'request'));
  const info = outer.next(Tag.sequence, 'certificationRequestInfo');
  const algorithm = outer.next(Tag.sequence, 'signatureAlgorithm');
  const signature = readBitString(outer.next(), 'signature');
  outer.finish('request');
  const signatureOID = readOID(new DERCursor(algorithm).next(), 'signatureAlgorithm');
  const signatureAlgorithm = signatureAlgorithmName(signatureOID);
  return { der, info: info.raw, signatureOID, signatureAlgorithm, signature, ...readInfo(info) };
}

function readInfo(
  info: DERElement,
): Omit<CertificateSigningRequest, 'der' | 'info' | 'signatureOID' | 'signatureAlgorithm' | 'signature'> {
  const fields = new DERCursor(info);
  const number = fields.next();
  if (readSmallInteger(number, 'version') !== 0) throw malformedDER('version is not 1', number.start);
  const subject = fields.next(Tag.sequence, 'subject');
  const key = fields.next(Tag.sequence, 'public key');
  const extensions = readAttributes(fields.optional(attributesTag));
  fields.finish('certificationRequestInfo');
  const known = readKnownExtensions(extensions);
  return {
    rawSubject: subject.raw,
    subject: readName(subject, 'subject'),
    spki: key.raw,
    keySpec: readKnownKeySpec(key),
    extensions,
    ...known,
    subjectAltNames: groupAltNames(known.altNames),
  };
}

/** The extensions of the extensionRequest attribute (RFC 2985 5.4.2); other attributes are passed over. */
function readAttributes(element: DERElement | undefined): Extension[] {
  const lists = (element?.children() ?? []).map(readAttribute).filter((list) => list !== undefined);
  if (lists.length > 1) throw new CodedError('der-malformed', 'two extension requests');
  return lists[0] ?? [];
}

function readAttribute(element: DERElement): Extension[] | undefined {
  const fields = new DERCursor(element.expect(Tag.sequence, 'attribute'));
  const type = readOID(fields.next(), 'attribute');
  const values = fields.next(Tag.set, 'attribute values');
  fields.finish('attribute');
  if (type !== extensionRequest) return undefined;
  const single = new DERCursor(values);
  const extensions = readExtensions(single.next());
  single.finish('extension request');
  return extensions;
}
