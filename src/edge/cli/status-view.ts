import type { Condition } from '#model/objects';
import type { Certificate, ClusterIssuer, Issuer } from '#model/resources';
import { formatColumns } from './columns.ts';
import { relativeTime, shortDuration } from './duration.ts';
import { paint, type CliIO } from './io.ts';

export interface StatusView {
  readonly server: string;
  readonly version: string;
  readonly issuers: readonly (Issuer | ClusterIssuer)[];
  readonly certificates: readonly Certificate[];
}

const rowsOfUpcoming = 5;
const rowsOfFailing = 15;

/** One screen: what is ready, what is failing and why, which CAs stand behind it, what expires next. */
export function formatStatus(io: CliIO, view: StatusView): string {
  return [
    summaryLine(io, view),
    failingSection(io, view),
    authoritySection(io, view),
    upcomingSection(io, view.certificates),
  ]
    .filter((section) => section !== '')
    .join('\n');
}

/** Whether everything that was declared is ready; `status` exits with notReady otherwise. */
export function allReady({ issuers, certificates }: StatusView): boolean {
  return [...issuers, ...certificates].every((object) => isReady(object));
}

export function isReady(object: Issuer | ClusterIssuer | Certificate): boolean {
  return conditionOf(object, 'Ready')?.status === 'True';
}

export function conditionOf(object: Issuer | ClusterIssuer | Certificate, type: string): Condition | undefined {
  return object.status?.conditions?.find((condition) => condition.type === type) as Condition | undefined;
}

function summaryLine(io: CliIO, view: StatusView): string {
  const issuers = count(view.issuers, 'issuer');
  const certificates = count(view.certificates, 'certificate');
  const verdict = allReady(view) ? paint(io, 'green', 'all ready') : paint(io, 'red', 'not all ready');
  return `Chancery ${view.version} at ${view.server}: ${verdict}\n  ${issuers}\n  ${certificates}\n`;
}

function count(objects: readonly (Issuer | ClusterIssuer | Certificate)[], noun: string): string {
  const ready = objects.filter(isReady).length;
  return `${ready} of ${objects.length} ${noun}${objects.length === 1 ? '' : 's'} ready`;
}

function failingSection(io: CliIO, { issuers, certificates }: StatusView): string {
  const failing = [...issuers, ...certificates].filter((object) => !isReady(object));
  if (failing.length === 0) return '';
  const rows = failing
    .slice(0, rowsOfFailing)
    .map((object) => [
      `${object.kind.toLowerCase()}/${object.metadata.name}`,
      object.metadata.namespace ?? '-',
      since(io, object),
      reasonOf(object),
    ]);
  const more = failing.length > rowsOfFailing ? `  ... and ${failing.length - rowsOfFailing} more\n` : '';
  return `${paint(io, 'red', `Not ready (${failing.length})`)}\n${formatColumns([['NAME', 'NAMESPACE', 'SINCE', 'WHY'], ...rows], '  ')}${more}`;
}

function since(io: CliIO, object: Issuer | ClusterIssuer | Certificate): string {
  const from = conditionOf(object, 'Ready')?.lastTransitionTime ?? object.metadata.creationTimestamp;
  return shortDuration((io.now().getTime() - Date.parse(from)) / 1000);
}

/** The reason that helps most: why the last issue failed, before why the certificate is not ready. */
export function reasonOf(object: Issuer | ClusterIssuer | Certificate): string {
  const issuing = conditionOf(object, 'Issuing');
  const told = issuing?.status === 'False' ? issuing : conditionOf(object, 'Ready');
  return told === undefined ? 'not looked at yet' : `${told.reason ?? 'Unknown'}: ${told.message ?? ''}`;
}

function authoritySection(io: CliIO, { issuers }: StatusView): string {
  const rows = issuers.flatMap((issuer) => {
    const notAfter = issuer.status?.ca?.notAfter;
    if (notAfter === undefined) return [];
    return [[issuer.metadata.name, issuer.metadata.namespace ?? '-', notAfter, expiry(io, new Date(notAfter))]];
  });
  if (rows.length === 0) return '';
  return `Certificate authorities\n${formatColumns([['ISSUER', 'NAMESPACE', 'CA NOT AFTER', 'EXPIRES'], ...rows], '  ')}`;
}

function upcomingSection(io: CliIO, certificates: readonly Certificate[]): string {
  const dated = certificates
    .flatMap((certificate) =>
      certificate.status?.notAfter === undefined ? [] : [{ certificate, notAfter: certificate.status.notAfter }],
    )
    .toSorted((a, b) => a.notAfter.localeCompare(b.notAfter))
    .slice(0, rowsOfUpcoming);
  if (dated.length === 0) return '';
  const rows = dated.map(({ certificate, notAfter }) => [
    certificate.metadata.name,
    certificate.metadata.namespace ?? '-',
    expiry(io, new Date(notAfter)),
    certificate.status?.renewalTime === undefined
      ? 'never'
      : relativeTime(new Date(certificate.status.renewalTime), io.now()),
  ]);
  return `Expires next\n${formatColumns([['CERTIFICATE', 'NAMESPACE', 'EXPIRES', 'RENEWS'], ...rows], '  ')}`;
}

const warningDays = 30;
const alarmDays = 7;

function expiry(io: CliIO, notAfter: Date): string {
  const days = (notAfter.getTime() - io.now().getTime()) / 86_400_000;
  const text = relativeTime(notAfter, io.now());
  if (days < alarmDays) return paint(io, 'red', text);
  return days < warningDays ? paint(io, 'yellow', text) : text;
}
