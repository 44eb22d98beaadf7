import { DERCursor, Tag, parseSequence, readOID, readOctetString, readText } from '#pki/x509';
import type { DERElement } from '#pki/x509';
import { readAlgorithm } from './algorithm.ts';
import { berToDER } from './ber.ts';
import { readEncryption } from './encryption.ts';
import { malformed, maximumKeystoreEntries, unsupported } from './limits.ts';
import * as oids from './pkcs12-oids.ts';
import type { PKCS12Opener } from './pkcs12-opener.ts';
import { readPrivateKeyInfo } from './private-key-info.ts';
import { readContentInfo, readImplicitOctets } from './pkcs12-pfx.ts';

/** What the safe bags of a file hold, in the order of the file. */
export type Bag =
  | (BagAttributes & { readonly type: 'key'; readonly key: Uint8Array })
  | (BagAttributes & { readonly type: 'certificate'; readonly certificate: Uint8Array })
  | { readonly type: 'other'; readonly what: string };

export interface BagAttributes {
  readonly name: string | undefined;
  readonly localKeyId: Uint8Array | undefined;
  /** Oracle's attribute is there: Java lists the certificate by itself. */
  readonly isAnchor: boolean;
}

/** All bags of an AuthenticatedSafe, decrypted. */
export function readBags(content: Uint8Array, opener: PKCS12Opener): Bag[] {
  const reader = new BagReader(opener);
  for (const [i, info] of parseDERSequence(content, 'AuthenticatedSafe').entries()) {
    reader.contentInfo(info, `content ${i + 1}`);
  }
  return reader.bags;
}

const maximumNesting = 4;

class BagReader {
  readonly bags: Bag[] = [];
  readonly #opener: PKCS12Opener;

  constructor(opener: PKCS12Opener) {
    this.#opener = opener;
  }

  contentInfo(element: DERElement, place: string): void {
    const { type, content } = readContentInfo(element);
    if (content === undefined) throw malformed('The content is missing.', place);
    if (type === oids.pkcs7Data) return this.#safeBags(parseDERSequence(readOctetString(content)), 0);
    if (type === oids.pkcs7EncryptedData) return this.#safeBags(this.#decrypted(content, place), 0);
    throw unsupported(`Content of type ${type} is not supported.`, place);
  }

  #decrypted(element: DERElement, place: string): DERElement[] {
    const fields = new DERCursor(element.expect(Tag.sequence, 'EncryptedData'));
    fields.next(Tag.integer, 'version');
    const info = new DERCursor(fields.next(Tag.sequence, 'EncryptedContentInfo'));
    info.next(Tag.oid, 'content type');
    const encryption = readEncryption(readAlgorithm(info.next()), place);
    const encrypted = readImplicitOctets(info.done ? undefined : info.next(), place);
    return this.#opener.openContent(encryption, encrypted, (plain) => parseDERSequence(plain), place);
  }

  #safeBags(elements: readonly DERElement[], nesting: number): void {
    if (nesting > maximumNesting) throw malformed('Safe contents are nested too deep.');
    for (const element of elements) {
      if (this.bags.length >= maximumKeystoreEntries) {
        throw unsupported(`The keystore has more than ${maximumKeystoreEntries} entries.`);
      }
      this.#safeBag(element, nesting);
    }
  }

  #safeBag(element: DERElement, nesting: number): void {
    const fields = new DERCursor(element.expect(Tag.sequence, 'SafeBag'));
    const type = readOID(fields.next());
    const value = new DERCursor(fields.next(0xa0, 'bag value')).next();
    if (type === oids.safeContentsBag) return this.#safeBags(value.children(), nesting + 1);
    this.bags.push(this.#bag(type, value, readAttributes(fields)));
  }

  #bag(type: string, value: DERElement, attributes: BagAttributes): Bag {
    switch (type) {
      case oids.keyBag:
        return { type: 'key', key: Uint8Array.from(value.raw), ...attributes };
      case oids.shroudedKeyBag:
        return { type: 'key', key: this.#openedKey(value, attributes), ...attributes };
      case oids.certificateBag:
        return readCertificateBag(value, attributes);
      default:
        return { type: 'other', what: type === oids.crlBag ? 'crl' : 'secret' };
    }
  }

  #openedKey(element: DERElement, attributes: BagAttributes): Uint8Array {
    const place = `key ${attributes.name === undefined ? this.bags.length + 1 : `"${attributes.name}"`}`;
    const fields = new DERCursor(element.expect(Tag.sequence, 'EncryptedPrivateKeyInfo'));
    const encryption = readEncryption(readAlgorithm(fields.next()), place);
    return this.#opener.openKey(encryption, readOctetString(fields.next()), readPrivateKeyInfo, place);
  }
}

function readCertificateBag(value: DERElement, attributes: BagAttributes): Bag {
  const fields = new DERCursor(value.expect(Tag.sequence, 'CertBag'));
  if (readOID(fields.next()) !== oids.x509Certificate) return { type: 'other', what: 'sdsi-certificate' };
  const octets = readOctetString(new DERCursor(fields.next(0xa0, 'certificate')).next());
  return { type: 'certificate', certificate: Uint8Array.from(octets), ...attributes };
}

function readAttributes(bag: DERCursor): BagAttributes {
  const values = new Map<string, DERElement>();
  for (const element of bag.optional(Tag.set)?.children() ?? []) {
    const fields = new DERCursor(element.expect(Tag.sequence, 'attribute'));
    const type = readOID(fields.next());
    const value = fields.next(Tag.set, 'attribute values').children()[0];
    if (value !== undefined && !values.has(type)) values.set(type, value);
  }
  const name = values.get(oids.friendlyName);
  const id = values.get(oids.localKeyId);
  return {
    name: name && readText(name),
    localKeyId: id && Uint8Array.from(readOctetString(id)),
    isAnchor: values.has(oids.oracleTrustedKeyUsage),
  };
}

function parseDERSequence(bytes: Uint8Array, what = 'SafeContents'): DERElement[] {
  const cursor = parseSequence(berToDER(bytes), what);
  const elements: DERElement[] = [];
  while (!cursor.done) elements.push(cursor.next());
  return elements;
}
