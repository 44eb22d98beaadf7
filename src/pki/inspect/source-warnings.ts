import type { PKCS12Protection } from '#pki/keystore';
import { isRequestSigned } from '#pki/x509';
import type { Gathered, Part } from './gathered.ts';
import type { InspectedSource, Warning } from './inspection.ts';
import { itemWarning, sourceWarning } from './warning.ts';

/** What is wrong with keys, requests, and the files themselves. */
export function sourceWarnings({ sources, parts }: Gathered): Warning[] {
  const holdsCertificates = parts.some((part) => part.type === 'certificate' || part.type === 'request');
  return [
    ...sources.flatMap((source) => protectionWarnings(source, parts)),
    ...[...parts.entries()].flatMap(([item, part]) => partWarnings(item, part, holdsCertificates ? parts : undefined)),
  ];
}

function protectionWarnings({ name, format, protection }: InspectedSource, parts: readonly Part[]): Warning[] {
  if (protection !== undefined) return pkcs12Warnings(name, protection);
  const holdsKey = parts.some(({ type, source }) => type === 'key' && source === name);
  if (format !== 'JKS' || !holdsKey) return [];
  return [sourceWarning(name, 'weak-encryption', 'protects its keys with SHA-1 only, as JKS does')];
}

function pkcs12Warnings(name: string, { check, encryptions }: PKCS12Protection): Warning[] {
  const weak = encryptions.filter((encryption) => encryption.weak).map((encryption) => encryption.name);
  return [
    ...(weak.length === 0 ? [] : [sourceWarning(name, 'weak-encryption', `is encrypted with ${weak.join(' and ')}`)]),
    ...(check === undefined ? [sourceWarning(name, 'no-password-check', 'has no password check (MAC)')] : []),
  ];
}

/** `others` are all parts, or undefined when there is no certificate that a key could belong to. */
function partWarnings(item: number, part: Part, others: readonly Part[] | undefined): Warning[] {
  switch (part.type) {
    case 'damaged':
      return [itemWarning(item, 'damaged', part.error.message)];
    case 'key':
      return others === undefined ? [] : keyWarnings(item, part, others);
    case 'request':
      if (isRequestSigned(part.request)) return [];
      return [itemWarning(item, 'request-not-signed', 'is not signed by the key it asks a certificate for')];
    case 'certificate':
      if (part.seenByJava !== false) return [];
      return [itemWarning(item, 'not-seen-by-java', 'lacks the trustedKeyUsage attribute: Java does not see it')];
    case 'other':
      break;
  }
  return [];
}

function keyWarnings(item: number, part: Extract<Part, { type: 'key' }>, others: readonly Part[]): Warning[] {
  const { key, entry } = part;
  if (key === undefined) return [];
  if (entry !== undefined && !key.matches(entry.spki)) {
    return [itemWarning(item, 'key-mismatch', `does not belong to its certificate "${entry.subjectText}"`)];
  }
  if (matchesOf(part, others).length > 0) return [];
  return [itemWarning(item, 'key-without-certificate', 'belongs to none of the certificates')];
}

/** Items that hold the public half of a key. */
export function matchesOf({ key }: Extract<Part, { type: 'key' }>, parts: readonly Part[]): number[] {
  if (key === undefined) return [];
  return [...parts.entries()].filter(([, part]) => key.matches(publicKeyOf(part))).map(([item]) => item);
}

const none = new Uint8Array();

function publicKeyOf(part: Part): Uint8Array {
  if (part.type === 'certificate') return part.certificate.spki;
  return part.type === 'request' ? part.request.spki : none;
}
