import { CodedError } from '#errors';
import { malformedDER } from './malformed.ts';
import type { DERElement } from './reader.ts';
import { Tag } from './tags.ts';

const firstGeneralized = Date.UTC(2050, 0, 1);
const firstUTC = Date.UTC(1950, 0, 1);
const end = Date.UTC(10_000, 0, 1);

/**
 * A date as certificates write it: UTCTime from 1950 to 2049, otherwise GeneralizedTime, whole seconds, Z (RFC 5280
 * 4.1.2.5). Fractions of a second are dropped. Fails with der-malformed outside the years 0 to 9999.
 */
export function time(date: Date): Uint8Array {
  const at = date.getTime();
  if (!(at >= -62_167_219_200_000 && at < end))
    throw new CodedError('der-malformed', 'date outside the years 0 to 9999');
  const isShort = at >= firstUTC && at < firstGeneralized;
  return isShort ? encodeDigits(date, Tag.utcTime, 15) : encodeDigits(date, Tag.generalizedTime, 17);
}

/** Two digits at a time from the end: every certificate has two times, and by way of text they cost four times as much. */
function encodeDigits(date: Date, tag: number, size: number): Uint8Array {
  const out = Buffer.allocUnsafe(size);
  out[0] = tag;
  out[1] = size - 2;
  out[size - 1] = 0x5a;
  writePair(out, size - 3, date.getUTCSeconds());
  writePair(out, size - 5, date.getUTCMinutes());
  writePair(out, size - 7, date.getUTCHours());
  writePair(out, size - 9, date.getUTCDate());
  writePair(out, size - 11, date.getUTCMonth() + 1);
  const year = date.getUTCFullYear();
  writePair(out, size - 13, year % 100);
  if (tag === Tag.generalizedTime) writePair(out, size - 15, Math.floor(year / 100));
  return out;
}

function writePair(out: Uint8Array, at: number, value: number): void {
  out[at] = 0x30 + Math.floor(value / 10);
  out[at + 1] = 0x30 + (value % 10);
}

/** The instant of a UTCTime or GeneralizedTime in the form RFC 5280 4.1.2.5 allows: with seconds, in Z, no fraction. */
export function readTime(element: DERElement, what = 'time'): Date {
  const digits = element.content.toString('latin1');
  const date = parseDigits(fourDigitYear(element.tag, digits));
  if (date === undefined) throw malformedDER(`${what} is not a UTCTime or GeneralizedTime in Z`, element.start);
  return date;
}

function fourDigitYear(tag: number, digits: string): string | undefined {
  if (tag === Tag.generalizedTime) return digits;
  if (tag !== Tag.utcTime) return undefined;
  return (digits < '5' ? '20' : '19') + digits;
}

function parseDigits(digits: string | undefined): Date | undefined {
  if (digits === undefined || !/^\d{14}Z$/.test(digits)) return undefined;
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(digits)!;
  const text = `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`;
  const date = new Date(text);
  // Out-of-range days (February 30) are moved by Date, not refused.
  return Number.isNaN(date.getTime()) || date.toISOString() !== text ? undefined : date;
}
