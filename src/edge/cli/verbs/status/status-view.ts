import { paint, type CliIO } from '../../io.ts';
import { formatColumns } from '../../text/columns.ts';
import { humanDuration, relativeTime } from '../../text/duration.ts';
import { foundIn, paintedState } from '../expiring/expiring-view.ts';
import type { ReadyCount, StatusReport } from './report.ts';

type Painter = Pick<CliIO, 'isTerminal' | 'env' | 'now'>;

const rowsOfFailing = 15;
const rowsOfAuthorities = 8;
const rowsOfExpiring = 10;

/** One screen: what is ready, what is failing and why, which CAs stand behind it, what expires next. */
export function formatStatus(io: Painter, report: StatusReport): string {
  const sections = [
    summary(io, report),
    failing(io, report),
    cautions(io, report),
    expiring(io, report),
    authorities(io, report),
    upcoming(io, report),
  ];
  return sections.filter((section) => section !== '').join('\n');
}

function summary(io: Painter, { server, version, ready, issuers, certificates, tls }: StatusReport): string {
  const verdict = ready ? paint(io, 'green', 'all ready') : paint(io, 'red', 'not all ready');
  const lines = [countText(issuers, 'issuer'), countText(certificates, 'certificate'), ...countsOf(tls)];
  const counts = lines.map((line) => `  ${line}\n`).join('');
  return `Chancery ${version} at ${server}: ${verdict}\n${counts}`;
}

function countText({ ready, total }: ReadyCount, noun: string): string {
  return `${ready} of ${total} ${noun}${total === 1 ? '' : 's'} ready`;
}

/** What people ask about first; the rest shows when it is not ready. */
const counted = { API: 'API', Gateway: 'gateway', GatewayNode: 'gateway node', Workload: 'workload' } as const;

function countsOf(tls: StatusReport['tls']): string[] {
  return Object.entries(counted).flatMap(([kind, noun]) => {
    const count = tls[kind];
    return count === undefined ? [] : [countText(count, noun)];
  });
}

/** A table cut off at `limit` rows, under a title. */
function section(title: string, heading: string[], rows: readonly string[][], limit: number): string {
  if (rows.length === 0) return '';
  const more = rows.length > limit ? `  ... and ${rows.length - limit} more\n` : '';
  return `${title}\n${formatColumns([heading, ...rows.slice(0, limit)], '  ')}${more}`;
}

function failing(io: Painter, { notReady }: StatusReport): string {
  const rows = notReady.map(({ kind, name, namespace, since, reason }) => [
    `${kind.toLowerCase()}/${name}`,
    namespace ?? '-',
    humanDuration((io.now().getTime() - Date.parse(since)) / 1000),
    reason,
  ]);
  const title = paint(io, 'red', `Not ready (${rows.length})`);
  return section(title, ['NAME', 'NAMESPACE', 'SINCE', 'WHY'], rows, rowsOfFailing);
}

function cautions(io: Painter, report: StatusReport): string {
  const rows = report.cautions.map(({ kind, name, namespace, reason }) => [
    `${kind.toLowerCase()}/${name}`,
    namespace ?? '-',
    reason,
  ]);
  const title = paint(io, 'yellow', `Needs attention (${rows.length})`);
  return section(title, ['NAME', 'NAMESPACE', 'WHY'], rows, rowsOfFailing);
}

/** Issued or not, in a store or at a backend. */
function expiring(io: Painter, report: StatusReport): string {
  const rows = report.expiring.map((item) => [
    paintedState(io, item.state),
    relativeTime(new Date(item.notAfter), io.now()),
    item.subject === '' ? '-' : item.subject,
    item.source.namespace ?? '-',
    foundIn(item),
  ]);
  const title = paint(io, 'red', `Expired or near its end (${rows.length})`);
  return section(title, ['STATE', 'EXPIRES', 'SUBJECT', 'NAMESPACE', 'FOUND IN'], rows, rowsOfExpiring);
}

/** The first to expire on top. */
function authorities(io: Painter, report: StatusReport): string {
  const rows = report.authorities
    .toSorted((a, b) => Date.parse(a.notAfter) - Date.parse(b.notAfter))
    .map(({ name, namespace, subject, notAfter }) => [name, namespace ?? '-', subject, expiry(io, notAfter)]);
  return section('Certificate authorities', ['ISSUER', 'NAMESPACE', 'CA', 'EXPIRES'], rows, rowsOfAuthorities);
}

function upcoming(io: Painter, { expiresNext }: StatusReport): string {
  const rows = expiresNext.map(({ name, namespace, notAfter, renewalTime }) => [
    name,
    namespace ?? '-',
    expiry(io, notAfter),
    renewalTime === undefined ? 'never' : renewal(io, new Date(renewalTime)),
  ]);
  return section('Expires next', ['CERTIFICATE', 'NAMESPACE', 'EXPIRES', 'RENEWS'], rows, rows.length);
}

/** A renewal that is due is under way, or held up by what `Not ready` tells. */
function renewal(io: Painter, instant: Date): string {
  return instant.getTime() <= io.now().getTime() ? 'due' : relativeTime(instant, io.now());
}

const warningDays = 30;
const alarmDays = 7;

function expiry(io: Painter, notAfter: string): string {
  const instant = new Date(notAfter);
  const days = (instant.getTime() - io.now().getTime()) / 86_400_000;
  const text = relativeTime(instant, io.now());
  if (days < alarmDays) return paint(io, 'red', text);
  return days < warningDays ? paint(io, 'yellow', text) : text;
}
