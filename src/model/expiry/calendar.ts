import { createHash } from 'node:crypto';
import { escapeText, foldLine } from './calendar-text.ts';
import { policyFor } from './expiry-state.ts';
import { judge } from './transition.ts';
import { lifeOf } from './watched-certificate.ts';
import type { WatchedCertificate } from './watched-certificate.ts';
import { ending } from './wording.ts';

const day = 86_400_000;
const aheadDays = 365;
/** A certificate that renews itself and lives shorter than this says nothing to a person with a calendar. */
const shortLifeDays = 30;

export interface CalendarOptions {
  readonly now: Date;
  readonly title?: string;
}

/**
 * The ends of certificates as a calendar (RFC 5545): one all-day event each on the day of its end in UTC, for what has
 * expired or ends within 365 days. Certificates that renew themselves have no alarm, and are left out when they live
 * shorter than 30 days. An event keeps its UID when the certificate is renewed, so that renewals move it.
 */
export function expiryCalendar(certificates: readonly WatchedCertificate[], options: CalendarOptions): string {
  const shown = certificates.filter((certificate) => isShown(certificate, options.now));
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Chancery//Certificate expiry//EN',
    'CALSCALE:GREGORIAN',
    'METHOD:PUBLISH',
    `X-WR-CALNAME:${escapeText(options.title ?? 'Certificates that expire')}`,
    'REFRESH-INTERVAL;VALUE=DURATION:PT1H',
    'X-PUBLISHED-TTL:PT1H',
    ...withUids(shown).flatMap(({ uid, certificate }) => eventLines(uid, certificate, options.now)),
    'END:VCALENDAR',
  ];
  return lines.map(foldLine).join('');
}

function isShown({ notAfter, notBefore, managed }: WatchedCertificate, now: Date): boolean {
  const end = Date.parse(notAfter);
  if (end > now.getTime() + aheadDays * day) return false;
  if (!managed || end < now.getTime() || notBefore === undefined) return true;
  return end - Date.parse(notBefore) >= shortLifeDays * day;
}

interface Identified {
  readonly uid: string;
  readonly certificate: WatchedCertificate;
}

/** Told apart by place and subject; several alike in one place by the order of their ends. */
function withUids(certificates: readonly WatchedCertificate[]): Identified[] {
  const seen = new Map<string, number>();
  return certificates.toSorted(byEnd).map((certificate) => {
    const { kind, namespace = '', name } = certificate.source;
    const place = JSON.stringify([kind, namespace, name, certificate.endpoint ?? '', certificate.subject]);
    const nth = seen.get(place) ?? 0;
    seen.set(place, nth + 1);
    const uid = createHash('sha256').update(`${place}${nth}`).digest('hex').slice(0, 32);
    return { uid: `${uid}@chancery`, certificate };
  });
}

function byEnd(a: WatchedCertificate, b: WatchedCertificate): number {
  return Date.parse(a.notAfter) - Date.parse(b.notAfter);
}

function eventLines(uid: string, certificate: WatchedCertificate, now: Date): string[] {
  const end = new Date(certificate.notAfter);
  return [
    'BEGIN:VEVENT',
    `UID:${uid}`,
    `DTSTAMP:${compact(now)}Z`,
    // Grows when the certificate is renewed, by which clients know that the event has moved.
    `SEQUENCE:${Math.max(0, Math.floor(end.getTime() / day))}`,
    `DTSTART;VALUE=DATE:${dateOf(end)}`,
    `DTEND;VALUE=DATE:${dateOf(new Date(end.getTime() + day))}`,
    `SUMMARY:${escapeText(summaryOf(certificate, now))}`,
    `DESCRIPTION:${escapeText(descriptionOf(certificate, now))}`,
    `CATEGORIES:${escapeText(judge(certificate, now).state)}`,
    'TRANSP:TRANSPARENT',
    ...alarmLines(certificate, now),
    'END:VEVENT',
  ];
}

function summaryOf({ subject, source, managed, notAfter }: WatchedCertificate, now: Date): string {
  const verb = Date.parse(notAfter) < now.getTime() ? 'expired' : 'expires';
  const name = subject === '' ? source.name : subject;
  return `${name} ${verb}${managed ? ' (renewed by itself)' : ''}`;
}

function descriptionOf(certificate: WatchedCertificate, now: Date): string {
  const { subject, notAfter, source, issuer, fingerprint, endpoint, usedBy = [], nodes = [] } = certificate;
  const { kind, namespace, name, path } = source;
  const place = `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
  return [
    `${ending(subject, notAfter, judge(certificate, now))}.`,
    `Found in ${place}, ${path}.`,
    ...(issuer === undefined ? [] : [`Issued by ${issuer}.`]),
    ...(endpoint === undefined ? [] : [`Endpoint ${endpoint}.`]),
    ...(usedBy.length === 0 ? [] : [`Used by ${usedBy.slice(0, 20).join(', ')}.`]),
    ...(nodes.length === 0 ? [] : [`Seen by ${nodes.slice(0, 20).join(', ')}.`]),
    ...(fingerprint === undefined ? [] : [`SHA-256 ${fingerprint}`]),
  ].join('\n');
}

/** Rings when the state becomes `warning`, in whole days before the day of the end. */
function alarmLines(certificate: WatchedCertificate, now: Date): string[] {
  const life = lifeOf(certificate);
  if (certificate.managed || life.notAfter < now) return [];
  const { warning } = policyFor(life);
  const lifeDays = life.notBefore === undefined ? Infinity : (life.notAfter.getTime() - life.notBefore.getTime()) / day;
  const days = Math.max(1, Math.floor(Math.min(warning.days, warning.fraction * lifeDays)));
  return [
    'BEGIN:VALARM',
    'ACTION:DISPLAY',
    `DESCRIPTION:${escapeText(summaryOf(certificate, now))}`,
    `TRIGGER:-P${days}D`,
    'END:VALARM',
  ];
}

/** `20261122T024530`, in UTC. */
function compact(instant: Date): string {
  return instant.toISOString().slice(0, 19).replaceAll(/[-:]/g, '');
}

function dateOf(instant: Date): string {
  return compact(instant).slice(0, 8);
}
