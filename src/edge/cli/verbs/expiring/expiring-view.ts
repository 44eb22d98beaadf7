import type { ExpiringCertificate, ExpiryList, ExpiryState } from '#model/expiry';
import { paint, type CliIO, type Colour } from '../../io.ts';
import { formatColumns } from '../../text/columns.ts';
import { relativeTime } from '../../text/duration.ts';

type Painter = Pick<CliIO, 'isTerminal' | 'env' | 'now'>;

const heading = ['STATE', 'EXPIRES', 'SUBJECT', 'NAMESPACE', 'FOUND IN', 'USED BY'];
const wideHeading = ['NOT AFTER', 'ISSUER', 'PLACE', 'NODES', 'SHA-256'];

/** A table, the most urgent first. */
export function formatExpiring(io: Painter, { items, complete }: ExpiryList, wide: boolean): string {
  const rows = items.map((item) => [...plainCells(io, item), ...(wide ? wideCells(item) : [])]);
  const more = complete ? '' : 'There are more; ask for them with --limit.\n';
  return `${formatColumns([[...heading, ...(wide ? wideHeading : [])], ...rows])}${more}`;
}

function plainCells(io: Painter, certificate: ExpiringCertificate): string[] {
  const { state, notAfter, subject, source, usedBy = [] } = certificate;
  return [
    paintedState(io, state),
    relativeTime(new Date(notAfter), io.now()),
    subject === '' ? '-' : subject,
    source.namespace ?? '-',
    foundIn(certificate),
    fewOf(usedBy),
  ];
}

function wideCells({ notAfter, issuer, source, nodes = [], fingerprint }: ExpiringCertificate): string[] {
  return [notAfter, issuer ?? '-', source.path, fewOf(nodes), fingerprint ?? '-'];
}

/** `secret/shop`; of what was seen at a backend, the backend too. */
export function foundIn({ source, endpoint }: ExpiringCertificate): string {
  const place = `${source.kind.toLowerCase()}/${source.name}`;
  return source.kind === 'Gateway' && endpoint !== undefined ? `${place} at ${endpoint}` : place;
}

const colours: Readonly<Partial<Record<ExpiryState, Colour>>> = {
  expired: 'red',
  critical: 'red',
  warning: 'yellow',
  due: 'yellow',
};

export function paintedState(io: Painter, state: ExpiryState): string {
  const colour = colours[state];
  return colour === undefined ? state : paint(io, colour, state);
}

const shown = 2;

function fewOf(names: readonly string[]): string {
  if (names.length === 0) return '-';
  const more = names.length > shown ? ` and ${names.length - shown} more` : '';
  return `${names.slice(0, shown).join(', ')}${more}`;
}
