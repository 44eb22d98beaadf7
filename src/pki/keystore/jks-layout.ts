import { createHash, timingSafeEqual } from 'node:crypto';
import { JavaReader } from './java-bytes.ts';
import { malformed, maximumKeystoreEntries, unsupported } from './limits.ts';
import { utf16 } from './password.ts';

/** The container that JKS and JCEKS share; they differ in the magic number and in how keys are protected. */

export const jksMagic = 0xfeedfeed;
export const jceksMagic = 0xcececece;

export const keyTag = 1;
export const trustedTag = 2;
export const secretKeyTag = 3;

/** An entry as the container has it; the key still protected. */
export type JKSRecord =
  | { type: 'key'; alias: string; created: Date; protectedKey: Uint8Array; chain: readonly Uint8Array[] }
  | { type: 'trusted'; alias: string; created: Date; certificate: Uint8Array };

export interface JKSContainer {
  readonly format: 'JKS' | 'JCEKS';
  readonly records: readonly JKSRecord[];
  /** What the digest at the end covers, and the digest. */
  readonly content: Uint8Array;
  readonly digest: Uint8Array;
}

const maximumChain = 1_000;

/** Reads the container without the password. Errors: `keystore-malformed`, `keystore-unsupported`. */
export function readContainer(bytes: Uint8Array): JKSContainer {
  const reader = new JavaReader(bytes);
  const format = readFormat(reader);
  const version = reader.u32();
  if (version !== 1 && version !== 2) throw unsupported(`${format} version ${version} is not supported.`, 'byte 4');
  const count = reader.u32();
  if (count > maximumKeystoreEntries) {
    throw unsupported(`The keystore has ${count} entries; at most ${maximumKeystoreEntries} are read.`, 'byte 8');
  }
  const records: JKSRecord[] = [];
  for (let i = 0; i < count; i++) records.push(readRecord(reader, version, `entry ${i + 1}`));
  const content = bytes.subarray(0, reader.offset);
  const digest = reader.bytes(20);
  if (reader.offset !== bytes.length) throw malformed('Bytes follow the end of the keystore.', `byte ${reader.offset}`);
  return { format, records, content, digest };
}

function readFormat(reader: JavaReader): 'JKS' | 'JCEKS' {
  const magic = reader.u32();
  if (magic === jksMagic) return 'JKS';
  if (magic === jceksMagic) return 'JCEKS';
  throw malformed('The file does not start as a JKS or JCEKS keystore does.', 'byte 0');
}

function readRecord(reader: JavaReader, version: number, place: string): JKSRecord {
  const tag = reader.u32();
  const alias = reader.text();
  const created = readCreated(reader, place);
  if (tag === keyTag) {
    const protectedKey = reader.bytes(reader.u32());
    return { type: 'key', alias, created, protectedKey, chain: readChain(reader, version, place) };
  }
  if (tag === trustedTag)
    return { type: 'trusted', alias, created, certificate: readCertificate(reader, version, place) };
  if (tag === secretKeyTag) {
    const hint = 'Move the secret keys to a keystore of their own, with keytool -importkeystore.';
    throw unsupported(`"${alias}" is a secret key; those are not supported.`, place, hint);
  }
  throw malformed(`There is no kind ${tag} of entry.`, place);
}

function readCreated(reader: JavaReader, place: string): Date {
  const created = new Date(Number(BigInt.asIntN(64, reader.u64())));
  if (Number.isNaN(created.getTime())) throw malformed('The date of the entry is out of range.', place);
  return created;
}

function readChain(reader: JavaReader, version: number, place: string): Uint8Array[] {
  const count = reader.u32();
  if (count > maximumChain) throw unsupported(`A chain of ${count} certificates is not read.`, place);
  return Array.from({ length: count }, () => readCertificate(reader, version, place));
}

/** Java's name and its alias, which Go programs write, cert-manager among them. */
const certificateType = /^X\.?509$/i;

/** Version 1 knows X.509 only and leaves the type out. */
function readCertificate(reader: JavaReader, version: number, place: string): Uint8Array {
  const type = version === 1 ? 'X.509' : reader.text();
  if (!certificateType.test(type)) throw unsupported(`Certificates of type ${type} are not supported.`, place);
  return Uint8Array.from(reader.bytes(reader.u32()));
}

/** The digest that ends a container: SHA-1 over the password, a phrase of Sun's, and the content. */
export function containerDigest(content: Uint8Array, password: string): Uint8Array {
  return createHash('sha1').update(utf16(password)).update('Mighty Aphrodite', 'latin1').update(content).digest();
}

export function hasDigest({ content, digest }: JKSContainer, password: string): boolean {
  return timingSafeEqual(containerDigest(content, password), digest);
}
