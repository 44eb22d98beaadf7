import { formatKeySpec } from '#pki/x509';
import type { Certificate } from '#pki/x509';
import type { Warning } from './inspection.ts';
import type { Signed } from './signers.ts';
import { isEndEntity } from './signers.ts';
import { validityAt } from './summaries.ts';
import { itemWarning } from './warning.ts';

const dayMilliseconds = 86_400_000;
const soonDays = 30;

type Check = (signed: Signed, now: Date) => readonly Warning[];

/** What is wrong with one certificate by itself. */
export function certificateWarnings(signed: Signed, now: Date): Warning[] {
  const checks = isEndEntity(signed) ? [...everyCertificate, ...endEntities] : [...everyCertificate, ...authorities];
  return checks.flatMap((check) => check(signed, now));
}

function checkDates({ certificate, item }: Signed, now: Date): readonly Warning[] {
  switch (validityAt(certificate, now)) {
    case 'expired':
      return [itemWarning(item, 'expired', `expired on ${day(certificate.notAfter)}`)];
    case 'not-yet-valid':
      return [itemWarning(item, 'not-yet-valid', `is not valid before ${certificate.notBefore.toISOString()}`)];
    case 'valid':
      break;
  }
  return checkRemaining(certificate, item, now);
}

/** Short-lived certificates are not always "soon" expiring: a third of the lifetime is what renewal leaves at least. */
function checkRemaining({ notBefore, notAfter }: Certificate, item: number, now: Date): readonly Warning[] {
  const left = notAfter.getTime() - now.getTime();
  const lifetime = notAfter.getTime() - notBefore.getTime();
  if (left >= soonDays * dayMilliseconds || left >= lifetime / 3) return [];
  return [itemWarning(item, 'expires-soon', `expires on ${day(notAfter)}, ${remainingText(left)} from now`)];
}

function remainingText(milliseconds: number): string {
  const days = Math.floor(milliseconds / dayMilliseconds);
  return days === 0 ? 'less than a day' : days === 1 ? '1 day' : `${days} days`;
}

function checkKey({ certificate: { keySpec }, item }: Signed): readonly Warning[] {
  if (keySpec?.algorithm !== 'RSA' || keySpec.size >= 2048) return [];
  return [itemWarning(item, 'weak-key', `has a key of ${formatKeySpec(keySpec)}; 2048 bits is the least`)];
}

/** Nobody relies on the signature of a root. */
function checkSignature({ certificate, isSelfSigned, item }: Signed): readonly Warning[] {
  const algorithm = certificate.signatureAlgorithm;
  if (isSelfSigned || !/MD5|SHA1(?!\d)/.test(algorithm)) return [];
  return [itemWarning(item, 'weak-signature', `is signed with ${algorithm}, which clients refuse`)];
}

function checkAuthorityKeyId({ certificate, isSelfSigned, item }: Signed): readonly Warning[] {
  if (isSelfSigned || certificate.authorityKeyId !== undefined) return [];
  return [itemWarning(item, 'no-authority-key-id', 'has no authority key identifier')];
}

function checkSubjectKeyId({ certificate, item }: Signed): readonly Warning[] {
  if (certificate.subjectKeyId !== undefined) return [];
  return [itemWarning(item, 'no-subject-key-id', 'is a CA without a subject key identifier')];
}

/** Only servers need names; a client certificate may do with its subject. */
function checkAltNames({ certificate, item }: Signed): readonly Warning[] {
  const usages = certificate.extendedKeyUsages;
  const isServer = usages.length === 0 || usages.includes('server auth') || usages.includes('any');
  if (!isServer || certificate.fields.altNames.length > 0) return [];
  return [itemWarning(item, 'no-alt-name', 'has no subject alternative name; clients ignore the common name')];
}

function checkExtendedUsages({ certificate, item }: Signed): readonly Warning[] {
  const usages = certificate.extendedKeyUsages;
  if (usages.length === 0) {
    return [itemWarning(item, 'no-extended-usage', 'has no extended key usages, so not server auth or client auth')];
  }
  if (['server auth', 'client auth', 'any'].some((usage) => usages.includes(usage))) return [];
  return [itemWarning(item, 'no-tls-usage', `is for ${usages.join(', ')}, and not for server auth or client auth`)];
}

function checkSelfSigned({ isSelfSigned, item }: Signed): readonly Warning[] {
  return isSelfSigned ? [itemWarning(item, 'self-signed-leaf', 'is signed by itself')] : [];
}

const everyCertificate: readonly Check[] = [checkDates, checkKey, checkSignature, checkAuthorityKeyId];
const endEntities: readonly Check[] = [checkAltNames, checkExtendedUsages, checkSelfSigned];
const authorities: readonly Check[] = [checkSubjectKeyId];

function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}
