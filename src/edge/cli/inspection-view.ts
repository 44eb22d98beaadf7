import type {
  CertificateItem,
  CertificateSummary,
  ChainNode,
  Inspection,
  InspectedItem,
  KeyItem,
  RequestItem,
  Warning,
} from '#pki/inspect';
import { formatColumns } from './columns.ts';
import { relativeTime } from './duration.ts';
import { paint, type CliIO, type Colour } from './io.ts';

/** An inspection as a person reads it: what there is, who signed whom, what is wrong. */
export function formatInspection(io: CliIO, inspection: Inspection): string {
  const sections = [
    sourceLines(inspection),
    chainSection(io, inspection),
    ...inspection.items.map((item, index) => itemSection(io, item, index, inspection)),
    warningSection(io, inspection.warnings),
  ];
  return sections.filter((section) => section !== '').join('\n');
}

function sourceLines({ sources }: Inspection): string {
  const rows = sources.map(({ name, format, locked, protection }) => [
    name === '' ? 'input' : name,
    format === 'PKCS12' ? 'PKCS#12' : format,
    [
      ...(protection === undefined
        ? []
        : [
            Object.values(protection)
              .filter((part) => typeof part === 'string')
              .join(', '),
          ]),
      ...(locked ? ['locked: give its password'] : []),
    ].join('; '),
  ]);
  return formatColumns(rows);
}

function chainSection(io: CliIO, { chains, items }: Inspection): string {
  if (chains.length === 0) return '';
  const lines = chains.flatMap((root) => [
    ...(root.missingIssuer === undefined ? [] : [paint(io, 'yellow', `(${root.missingIssuer}: not at hand)`)]),
    ...drawNode(io, items, root, '', root.missingIssuer === undefined ? '' : '└─ '),
  ]);
  return `Chain\n${lines.map((line) => `  ${line}\n`).join('')}`;
}

function drawNode(
  io: CliIO,
  items: readonly InspectedItem[],
  node: ChainNode,
  margin: string,
  branch: string,
): string[] {
  const { certificate } = items[node.item] as CertificateItem;
  const below = branch === '' ? margin : `${margin}   `;
  const line = `${margin}${branch}${certificate.subject || '(empty subject)'}  ${paint(io, 'dim', roleOf(certificate))} ${validityText(io, certificate)}`;
  const children = node.signed.flatMap((child, index) => {
    const last = index === node.signed.length - 1;
    const drawn = drawNode(io, items, child, below, last ? '└─ ' : '├─ ');
    return last ? drawn : drawn.map((text, row) => (row === 0 ? text : text.replace(`${below}   `, `${below}│  `)));
  });
  return [line, ...children];
}

function roleOf({ isCA, isSelfSigned }: CertificateSummary): string {
  if (isCA) return isSelfSigned ? 'root CA' : 'intermediate CA';
  return isSelfSigned ? 'self-signed' : 'end entity';
}

function validityText(io: CliIO, { validity, daysLeft }: CertificateSummary): string {
  if (validity === 'expired') return paint(io, 'red', `expired ${-daysLeft}d ago`);
  if (validity === 'not-yet-valid') return paint(io, 'red', 'not valid yet');
  return paint(io, daysLeft < 30 ? 'yellow' : 'green', `${daysLeft}d left`);
}

function itemSection(io: CliIO, item: InspectedItem, index: number, inspection: Inspection): string {
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
      return heading(paint(io, 'red', `Damaged: ${item.message}`));
  }
}

function certificateTitle({ role }: CertificateItem): string {
  return role === 'trusted' ? 'Trusted certificate' : 'Certificate';
}

function certificateRows(io: CliIO, certificate: CertificateSummary): string[][] {
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
    ['Belongs to:', names.join(', ') || 'nothing here'],
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

const severityColours: Readonly<Record<Warning['severity'], Colour>> = { error: 'red', warning: 'yellow', note: 'dim' };

function warningSection(io: CliIO, warnings: readonly Warning[]): string {
  if (warnings.length === 0) return `${paint(io, 'green', 'Nothing wrong found.')}\n`;
  const rows = warnings.map(({ severity, code, message, item }) => [
    paint(io, severityColours[severity], severity),
    item === undefined ? '' : `[${item}]`,
    `${message} (${code})`,
  ]);
  return `Remarks\n${formatColumns(rows, '  ')}`;
}
