import type { Inspection, InspectedSource, Warning } from '#pki/inspect';
import { paint, type Colour } from '../../io.ts';
import { formatColumns } from '../../text/columns.ts';
import { formatChains, type Painter } from './chain-view.ts';
import { formatItem } from './item-view.ts';

/** An inspection as a person reads it: what there is, who signed whom, what is wrong. */
export function formatInspection(io: Painter, inspection: Inspection): string {
  const sections = [
    formatColumns(inspection.sources.map(sourceRow)),
    formatChains(io, inspection),
    ...inspection.items.map((item, index) => formatItem(io, item, index, inspection)),
    warningSection(io, inspection),
  ];
  return sections.filter((section) => section !== '').join('\n');
}

function sourceRow({ name, format, locked, protection }: InspectedSource): string[] {
  const lock = locked ? 'locked: give its password with --password-file FILE, or in CHANCERY_PASSWORD' : '';
  const remarks = [protectionText(protection), lock].filter((remark) => remark !== '').join('; ');
  return [name === '' ? 'input' : name, format === 'PKCS12' ? 'PKCS#12' : format, remarks];
}

function rounds({ name, iterations }: { readonly name: string; readonly iterations: number }): string {
  return `${name}, ${iterations} rounds`;
}

function protectionText(protection: InspectedSource['protection']): string {
  if (protection === undefined) return '';
  const { check, encryptions } = protection;
  return [...encryptions.map(rounds), check === undefined ? 'no password check' : `check ${rounds(check)}`].join('; ');
}

const severityColours: Readonly<Record<Warning['severity'], Colour>> = { error: 'red', warning: 'yellow', note: 'dim' };

function warningSection(io: Painter, { warnings, sources }: Inspection): string {
  const isLocked = sources.some(({ locked }) => locked);
  if (warnings.length === 0 && isLocked) return 'Nothing wrong found in what needs no password.\n';
  if (warnings.length === 0) return `${paint(io, 'green', 'Nothing wrong found.')}\n`;
  const rows = warnings.map(({ severity, code, message, item }) => [
    paint(io, severityColours[severity], severity),
    item === undefined ? '' : `[${item}]`,
    `${message} (${code})`,
  ]);
  return `Remarks\n${formatColumns(rows, '  ')}`;
}
