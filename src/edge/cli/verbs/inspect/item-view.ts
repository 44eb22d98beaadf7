import type {
  CertificateItem,
  CertificateSummary,
  Inspection,
  InspectedItem,
  KeyItem,
  RequestItem,
} from '#pki/inspect';
import { paint } from '../../io.ts';
import { formatColumns } from '../../text/columns.ts';
import { relativeTime } from '../../text/duration.ts';
import { roleOf, type Painter } from './chain-view.ts';

/** One certificate, key or request in full. */
export function formatItem(io: Painter, item: InspectedItem, index: number, inspection: Inspection): string {
  const place = [item.source, item.place].filter((part) => part !== '').join(', ');
  const heading = (what: string): string =>
    `${paint(io, 'bold', `[${index}] ${what}`)}${place === '' ? '' : `  (${place})`}\n`;
  switch (item.type) {
    case 'certificate':
      return heading(certificateTitle(item)) + formatColumns(certificateRows(io, item.certificate), '  ');
    case 'key':
      return heading('Private key') + formatColumns(keyRows(item, inspection), '  ');
    case 'request':
      return heading('Certificate request') + formatColumns(requestRows(item), '  ');
    case 'other':
      return heading(item.what);
    case 'damaged':
    default:
      return heading(paint(io, 'red', `Damaged: ${item.message}`));
  }
}

function certificateTitle({ role }: CertificateItem): string {
  return role === 'trusted' ? 'Trusted certificate' : 'Certificate';
}

function certificateRows(io: Painter, certificate: CertificateSummary): string[][] {
  const { notBefore, notAfter } = certificate;
  return [
    ['Subject:', certificate.subject || '(empty)'],
    ['Issuer:', certificate.isSelfSigned ? `${certificate.issuer} (itself)` : certificate.issuer],
    ['Names:', certificate.altNames.join(', ') || 'none'],
    ['Valid:', `${instantText(notBefore)} to ${instantText(notAfter)} (${relativeTime(notAfter, io.now())})`],
    ['Role:', pathText(certificate)],
    ['Usages:', usageText(certificate)],
    ['Key:', certificate.key],
    ['Signature:', certificate.signatureAlgorithm],
    ['Serial:', certificate.serialNumber],
    ['SHA-256:', colons(certificate.fingerprints.sha256)],
    ['SHA-1:', colons(certificate.fingerprints.sha1)],
    ['Key ids:', `own ${certificate.subjectKeyId ?? 'none'}, issuer's ${certificate.authorityKeyId ?? 'none'}`],
  ];
}

function instantText(instant: Date): string {
  return instant.toISOString().replace('T', ' ').slice(0, 19);
}

function pathText(certificate: CertificateSummary): string {
  const { pathLength } = certificate;
  return pathLength === undefined ? roleOf(certificate) : `${roleOf(certificate)}, path length ${pathLength}`;
}

function usageText({
  keyUsages = [],
  extendedKeyUsages = [],
}: Pick<CertificateSummary, 'keyUsages' | 'extendedKeyUsages'>): string {
  return [...keyUsages, ...extendedKeyUsages].join(', ') || 'any';
}

function colons(hex: string): string {
  return (hex.match(/../g) ?? []).join(':').toUpperCase();
}

function keyRows({ algorithm, locked, matches }: KeyItem, { items }: Inspection): string[][] {
  const names = matches.map((index) => `[${index}] ${subjectOf(items[index]!)}`);
  return [
    ['Algorithm:', locked ? 'unknown: locked, give its password' : (algorithm ?? 'unknown')],
    ['Belongs to:', names.join(', ') || (locked ? 'unknown' : 'nothing here')],
  ];
}

function subjectOf(item: InspectedItem): string {
  if (item.type === 'certificate') return item.certificate.subject;
  return item.type === 'request' ? item.request.subject : '';
}

function requestRows({ request }: RequestItem): string[][] {
  return [
    ['Subject:', request.subject || '(empty)'],
    ['Names:', request.altNames.join(', ') || 'none'],
    ['Usages:', usageText(request)],
    ['Key:', request.key],
    ['Signature:', `${request.signatureAlgorithm}${request.isSigned ? '' : ' (does not hold)'}`],
  ];
}
