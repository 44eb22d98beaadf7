import { CodedError, isCoded } from '#errors';
import type { ErrorCode } from '#errors';
import {
  DERCursor,
  Tag,
  constructedTag,
  contextTag,
  malformedDER,
  parseDER,
  readBitString,
  readIntegerOctets,
  readOID,
  readSmallInteger,
  readTime,
} from '../der/index.ts';
import type { DERElement } from '../der/index.ts';
import {
  extensionOIDs,
  parseAuthorityKeyId,
  parseBasicConstraints,
  parseExtendedKeyUsage,
  parseKeyUsage,
  parseNameConstraints,
  parseSubjectAltName,
  parseSubjectKeyId,
  readExtensions,
} from '../extensions/index.ts';
import type { Extension } from '../extensions/index.ts';
import { readPublicKeySpec } from '../keys/index.ts';
import type { KeySpec } from '../keys/index.ts';
import { readName } from '../names/name.ts';
import { findPEM } from '../pem.ts';
import { Certificate, sameBytes } from './certificate.ts';
import type { CertificateFields } from './certificate.ts';

const limits = { maxBytes: 262_144, maxDepth: 24 };

/**
 * Reads a certificate (RFC 5280 4.1), strictly: DER only, every known extension in its form, both signature algorithms
 * alike. Fails with certificate-malformed, with the offset; above 256 KiB too.
 */
export function parseCertificate(der: Uint8Array): Certificate {
  return asFault('certificate-malformed', 'certificate', () => new Certificate(readCertificate(der)));
}

/** All certificates of a PEM text, at least one. Fails with pem-malformed or certificate-malformed, naming the line. */
export function parseCertificatesPEM(source: string | Uint8Array): Certificate[] {
  return findPEM(source, ['CERTIFICATE', 'X509 CERTIFICATE'], 'certificate').map(({ der, line }) =>
    asFault('certificate-malformed', `certificate at line ${line}`, () => new Certificate(readCertificate(der))),
  );
}

/** Runs `read`, and turns the reader's failure into one that says what was being read. */
export function asFault<T>(code: ErrorCode, what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!isCoded(error, 'der-malformed')) throw error;
    const field = error.field === undefined ? {} : { field: error.field };
    throw new CodedError(code, `${what}: ${error.message}`, { ...field, cause: error });
  }
}

type ExtensionFields = Pick<
  CertificateFields,
  | 'basicConstraints'
  | 'keyUsages'
  | 'extendedKeyUsages'
  | 'altNames'
  | 'nameConstraints'
  | 'subjectKeyId'
  | 'authorityKeyId'
>;

function readCertificate(der: Uint8Array): CertificateFields {
  const outer = new DERCursor(parseDER(der, limits).expect(Tag.sequence, 'certificate'));
  const tbs = outer.next(Tag.sequence, 'tbsCertificate');
  const algorithm = outer.next(Tag.sequence, 'signatureAlgorithm');
  const signature = readBitString(outer.next(), 'signature');
  outer.finish('certificate');
  const signatureOID = readOID(new DERCursor(algorithm).next(), 'signatureAlgorithm');
  return { der, tbs: tbs.raw, signatureOID, signature, ...readTBS(tbs, algorithm) };
}

function readTBS(
  tbs: DERElement,
  algorithm: DERElement,
): Omit<CertificateFields, 'der' | 'tbs' | 'signatureOID' | 'signature'> {
  const fields = new DERCursor(tbs);
  const version = readVersion(fields.optional(constructedTag(0)));
  const serialNumber = readSerial(fields.next());
  const inner = fields.next(Tag.sequence, 'signature');
  // RFC 5280 4.1.1.2: both name the same algorithm.
  if (!sameBytes(inner.raw, algorithm.raw)) throw malformedDER('signature algorithms differ', inner.start);
  const issuer = fields.next(Tag.sequence, 'issuer');
  const validity = new DERCursor(fields.next(Tag.sequence, 'validity'));
  const notBefore = readTime(validity.next(), 'notBefore');
  const notAfter = readTime(validity.next(), 'notAfter');
  validity.finish('validity');
  const subject = fields.next(Tag.sequence, 'subject');
  const key = fields.next(Tag.sequence, 'public key');
  fields.optional(contextTag(1));
  fields.optional(contextTag(2));
  const extensions = readWrappedExtensions(fields.optional(constructedTag(3)), version);
  fields.finish('tbsCertificate');
  return {
    version,
    serialNumber,
    rawIssuer: issuer.raw,
    issuer: readName(issuer, 'issuer'),
    notBefore,
    notAfter,
    rawSubject: subject.raw,
    subject: readName(subject, 'subject'),
    spki: key.raw,
    keySpec: readKnownKeySpec(key),
    extensions,
    ...readKnownExtensions(extensions),
  };
}

function readVersion(wrapper: DERElement | undefined): number {
  if (wrapper === undefined) return 1;
  const version = readSmallInteger(new DERCursor(wrapper).next(), 'version') + 1;
  if (version > 3) throw malformedDER(`version ${version}`, wrapper.start);
  return version;
}

function readSerial(element: DERElement): string {
  const octets = readIntegerOctets(element, 'serialNumber');
  if (octets.length > 64) throw malformedDER('serialNumber is too long', element.start);
  return (octets.length > 1 && octets[0] === 0 ? octets.subarray(1) : octets).toString('hex');
}

function readWrappedExtensions(wrapper: DERElement | undefined, version: number): Extension[] {
  if (wrapper === undefined) return [];
  if (version !== 3) throw malformedDER(`extensions in version ${version}`, wrapper.start);
  const fields = new DERCursor(wrapper);
  const extensions = readExtensions(fields.next());
  fields.finish('extensions');
  return extensions;
}

/** The kind of key; undefined when its algorithm is not one of ours, which is no fault of the certificate. */
export function readKnownKeySpec(key: DERElement): KeySpec | undefined {
  try {
    return readPublicKeySpec(key);
  } catch (error) {
    if (isCoded(error, 'key-unsupported')) return undefined;
    throw error;
  }
}

/** The typed view of those extensions that have one. */
export function readKnownExtensions(extensions: readonly Extension[]): ExtensionFields {
  const read = <T>(oid: string, parse: (value: Uint8Array) => T): T | undefined => {
    const found = extensions.find((extension) => extension.oid === oid);
    return found === undefined ? undefined : parse(found.value);
  };
  const constraints = extensions.find(({ oid }) => oid === extensionOIDs.nameConstraints);
  return {
    basicConstraints: read(extensionOIDs.basicConstraints, parseBasicConstraints),
    keyUsages: read(extensionOIDs.keyUsage, parseKeyUsage),
    extendedKeyUsages: read(extensionOIDs.extendedKeyUsage, parseExtendedKeyUsage),
    altNames: read(extensionOIDs.subjectAltName, parseSubjectAltName) ?? [],
    nameConstraints: constraints === undefined ? undefined : parseNameConstraints(constraints),
    subjectKeyId: read(extensionOIDs.subjectKeyId, parseSubjectKeyId),
    authorityKeyId: read(extensionOIDs.authorityKeyId, parseAuthorityKeyId),
  };
}
