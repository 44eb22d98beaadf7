import { X509Certificate, hash } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { formatName } from '../names/format.ts';
import { nameAttribute } from '../names/name.ts';
import type { Name } from '../names/name.ts';
import { commonNameOID } from '../names/attributes.ts';
import { groupAltNames } from '../extensions/index.ts';
import type {
  BasicConstraints,
  Extension,
  GeneralName,
  KeyUsage,
  NameConstraints,
  SubjectAltNames,
} from '../extensions/index.ts';
import { publicKeyObject } from '../keys/index.ts';
import type { KeySpec } from '../keys/index.ts';
import { formatPEM } from '../pem.ts';
import { signatureAlgorithmName, verifyBytes } from '../signature.ts';

/** What a parsed certificate says. Bytes are views on `der`. */
export interface CertificateFields {
  readonly der: Uint8Array;
  /** The bytes that are signed. */
  readonly tbs: Uint8Array;
  readonly version: number;
  /** Lower-case hexadecimal, without a sign octet. */
  readonly serialNumber: string;
  readonly signatureOID: string;
  readonly signature: Uint8Array;
  readonly rawIssuer: Uint8Array;
  readonly issuer: Name;
  readonly notBefore: Date;
  /** The last second in which the certificate is valid. */
  readonly notAfter: Date;
  readonly rawSubject: Uint8Array;
  readonly subject: Name;
  /** DER SubjectPublicKeyInfo. */
  readonly spki: Uint8Array;
  /** Undefined for a key algorithm that this house does not use. */
  readonly keySpec: KeySpec | undefined;
  readonly extensions: readonly Extension[];
  readonly basicConstraints: BasicConstraints | undefined;
  /** Undefined when the extension is absent, which allows every usage. */
  readonly keyUsages: readonly KeyUsage[] | undefined;
  readonly extendedKeyUsages: readonly string[] | undefined;
  readonly altNames: readonly GeneralName[];
  readonly nameConstraints: NameConstraints | undefined;
  readonly subjectKeyId: Uint8Array | undefined;
  readonly authorityKeyId: Uint8Array | undefined;
}

/** A certificate that was read strictly; every field is at hand and none of them fails. */
export class Certificate {
  readonly fields: CertificateFields;
  #publicKey: KeyObject | undefined;
  #fingerprint: string | undefined;

  constructor(fields: CertificateFields) {
    this.fields = fields;
  }

  get der(): Uint8Array {
    return this.fields.der;
  }
  get serialNumber(): string {
    return this.fields.serialNumber;
  }
  get subject(): Name {
    return this.fields.subject;
  }
  get issuer(): Name {
    return this.fields.issuer;
  }
  get rawSubject(): Uint8Array {
    return this.fields.rawSubject;
  }
  get rawIssuer(): Uint8Array {
    return this.fields.rawIssuer;
  }
  get notBefore(): Date {
    return this.fields.notBefore;
  }
  get notAfter(): Date {
    return this.fields.notAfter;
  }
  get spki(): Uint8Array {
    return this.fields.spki;
  }
  get keySpec(): KeySpec | undefined {
    return this.fields.keySpec;
  }
  get extensions(): readonly Extension[] {
    return this.fields.extensions;
  }
  get isCA(): boolean {
    return this.fields.basicConstraints?.isCA ?? false;
  }
  get pathLength(): number | undefined {
    return this.fields.basicConstraints?.pathLength;
  }
  /** Empty when the extension is absent. */
  get keyUsages(): readonly KeyUsage[] {
    return this.fields.keyUsages ?? [];
  }
  /** Names or dotted identifiers; empty when the extension is absent. */
  get extendedKeyUsages(): readonly string[] {
    return this.fields.extendedKeyUsages ?? [];
  }
  get subjectKeyId(): Uint8Array | undefined {
    return this.fields.subjectKeyId;
  }
  get authorityKeyId(): Uint8Array | undefined {
    return this.fields.authorityKeyId;
  }
  /** Subject alternative names by type. */
  get subjectAltNames(): SubjectAltNames {
    return groupAltNames(this.fields.altNames);
  }
  /** cert-manager's name, or a dotted identifier. */
  get signatureAlgorithm(): string {
    return signatureAlgorithmName(this.fields.signatureOID);
  }
  get commonName(): string | undefined {
    return nameAttribute(this.fields.subject, commonNameOID);
  }
  /** RFC 4514 text. */
  get subjectText(): string {
    return formatName(this.fields.subject);
  }
  /** RFC 4514 text. */
  get issuerText(): string {
    return formatName(this.fields.issuer);
  }
  /** SHA-256 of the DER, lower-case hexadecimal. */
  get fingerprint(): string {
    return (this.#fingerprint ??= hash('sha256', this.der));
  }
  /** SHA-1 of the DER, for people who compare with older tools. */
  get fingerprintSHA1(): string {
    return hash('sha1', this.der);
  }
  /** Node's handle, made on first use. Fails with key-malformed. */
  get publicKey(): KeyObject {
    return (this.#publicKey ??= publicKeyObject(this.spki));
  }
  /** Subject and issuer are the same name; the signature is not looked at. */
  get isSelfIssued(): boolean {
    return sameBytes(this.rawSubject, this.rawIssuer);
  }

  equals(other: Certificate): boolean {
    return sameBytes(this.der, other.der);
  }

  toPEM(): string {
    return formatPEM('CERTIFICATE', this.der);
  }

  /** Whether the certificate is valid at `now`, both ends included (RFC 5280 4.1.2.5). */
  isValidAt(now: Date): boolean {
    return this.notBefore <= now && now.getTime() < this.notAfter.getTime() + 1000;
  }

  /** Whether the key of `issuer` made this certificate's signature. Names and usages are not looked at. */
  isSignedBy(issuer: Certificate): boolean {
    const { tbs, signatureOID, signature, der } = this.fields;
    try {
      const known = verifyBytes(tbs, issuer.publicKey, signatureOID, signature);
      return known ?? new X509Certificate(Buffer.from(der)).verify(issuer.publicKey);
    } catch {
      // A key or an algorithm that node:crypto cannot use signs nothing.
      return false;
    }
  }
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0;
}
