import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { expiryCalendar } from './calendar.ts';
import { escapeText, foldLine } from './calendar-text.ts';
import type { WatchedCertificate } from './watched-certificate.ts';

const now = new Date('2026-11-22T02:45:30Z');

const server: WatchedCertificate = {
  subject: 'CN=shop.example,O=Shop\\, Ltd',
  issuer: 'CN=ca',
  fingerprint: 'ab'.repeat(32),
  source: { kind: 'Secret', namespace: 'apic', name: 'shop', path: 'data[tls.crt][0]' },
  notBefore: '2026-01-01T00:00:00Z',
  notAfter: '2027-01-01T12:00:00Z',
  isCA: false,
  managed: false,
  usedBy: ['API default/shop'],
};

function unfold(text: string): string[] {
  assert(text.endsWith('\r\n'));
  const unfolded = text.replaceAll('\r\n ', '');
  assert(!unfolded.replaceAll('\r\n', '').includes('\n'), 'a line ends without CR LF');
  return unfolded.split('\r\n').slice(0, -1);
}

function unescape(text: string): string {
  return text.replaceAll(/\\([\\;,n])/g, (_, character: string) => (character === 'n' ? '\n' : character));
}

function events(text: string): Map<string, string>[] {
  const found: Map<string, string>[] = [];
  for (const line of unfold(text)) {
    if (line === 'BEGIN:VEVENT') found.push(new Map());
    const colon = line.indexOf(':');
    const name = line.slice(0, colon);
    if (found.length > 0 && !found.at(-1)!.has(name)) found.at(-1)!.set(name, line.slice(colon + 1));
  }
  return found;
}

test('expiryCalendar() has an all-day event on the day of the end, with an alarm before it', () => {
  const text = expiryCalendar([server], { now });
  const [event] = events(text);
  assert.equal(event!.get('DTSTART;VALUE=DATE'), '20270101');
  assert.equal(event!.get('DTEND;VALUE=DATE'), '20270102');
  assert.equal(event!.get('DTSTAMP'), '20261122T024530Z');
  assert.equal(event!.get('TRIGGER'), '-P28D');
  assert.equal(unescape(event!.get('SUMMARY')!), `${server.subject} expires`);
  assert.match(unescape(event!.get('DESCRIPTION')!), /Found in Secret apic\/shop, data\[tls\.crt\]\[0\]/);
  assert.deepEqual(unfold(text).slice(0, 2), ['BEGIN:VCALENDAR', 'VERSION:2.0']);
  assert(unfold(text).includes('X-PUBLISHED-TTL:PT1H'));
});

test('a renewal moves the event: same UID, higher sequence', () => {
  const [before] = events(expiryCalendar([server], { now }));
  const renewed = { ...server, fingerprint: 'cd'.repeat(32), notAfter: '2027-06-01T12:00:00Z' };
  const [after] = events(expiryCalendar([renewed], { now }));
  assert.equal(after!.get('UID'), before!.get('UID'));
  assert.equal(after!.get('DTSTART;VALUE=DATE'), '20270601');
  assert(Number(after!.get('SEQUENCE')) > Number(before!.get('SEQUENCE')));
});

const left: readonly { why: string; change: Partial<WatchedCertificate>; shown: number }[] = [
  { why: 'ends within a year', change: {}, shown: 1 },
  { why: 'has expired', change: { notAfter: '2026-02-01T00:00:00Z' }, shown: 1 },
  { why: 'ends later than in a year', change: { notAfter: '2028-01-01T00:00:00Z' }, shown: 0 },
  { why: 'renews itself and lives a year', change: { managed: true }, shown: 1 },
  {
    why: 'renews itself and lives a day',
    change: { managed: true, notBefore: '2026-11-22T00:00:00Z', notAfter: '2026-11-23T00:00:00Z' },
    shown: 0,
  },
  {
    why: 'should have renewed itself, lived a day and has expired',
    change: { managed: true, notBefore: '2026-11-20T00:00:00Z', notAfter: '2026-11-21T00:00:00Z' },
    shown: 1,
  },
];
for (const { why, change, shown } of left) {
  test(`expiryCalendar() ${shown === 1 ? 'shows' : 'leaves out'} a certificate that ${why}`, () => {
    assert.equal(events(expiryCalendar([{ ...server, ...change }], { now })).length, shown);
  });
}

test('two certificates of one subject in one place have two events', () => {
  const other = { ...server, fingerprint: 'cd'.repeat(32), notAfter: '2027-06-01T12:00:00Z' };
  const uids = events(expiryCalendar([server, other], { now })).map((event) => event.get('UID'));
  assert.equal(new Set(uids).size, 2);
});

test('a certificate that renews itself, and one that has expired, ring no bell', () => {
  const quiet = [
    { ...server, managed: true },
    { ...server, notAfter: '2026-02-01T00:00:00Z' },
  ];
  assert(!expiryCalendar(quiet, { now }).includes('VALARM'));
});

test('any text survives escaping and folding; no line is longer than 75 octets, no character is cut', () => {
  const readable = fc.string({ unit: 'grapheme', maxLength: 400 }).map((text) => text.replaceAll(/\p{Cc}/gu, '\n'));
  fc.assert(
    fc.property(readable, (text) => {
      const folded = foldLine(`DESCRIPTION:${escapeText(text)}`);
      for (const line of folded.split('\r\n')) {
        assert(Buffer.byteLength(line) <= 75);
        assert(!line.includes('\uFFFD') || text.includes('\uFFFD'));
      }
      assert.equal(unescape(unfold(folded)[0]!.slice('DESCRIPTION:'.length)), text);
    }),
  );
});

test('no subject, name or user can add a line of its own to the calendar', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const hostile = { ...server, subject: text, usedBy: [text], source: { ...server.source, name: text } };
      const lines = unfold(expiryCalendar([hostile], { now })).map((line) => line.split(/[:;]/)[0]);
      assert.deepEqual(
        lines,
        unfold(expiryCalendar([server], { now })).map((line) => line.split(/[:;]/)[0]),
      );
    }),
  );
});
