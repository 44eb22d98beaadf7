import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judge, transitionMessage, transitionRemark } from './transition.ts';
import type { WatchedCertificate } from './watched-certificate.ts';

const certificate: WatchedCertificate = {
  subject: 'CN=a',
  source: { kind: 'Truststore', namespace: 'apic', name: 'partners', path: 'status.entries[2]' },
  notBefore: '2026-01-01T00:00:00Z',
  notAfter: '2027-01-01T00:00:00Z',
  isCA: false,
  managed: false,
  usedBy: ['TLSClientProfile apic/a', 'TLSClientProfile apic/b', 'TLSClientProfile apic/c', 'TLSClientProfile apic/d'],
};

const told: readonly { at: string; type: string; reason: string; message: RegExp }[] = [
  {
    at: '2026-12-10T00:00:00Z',
    type: 'Warning',
    reason: 'CertificateExpiring',
    message:
      /^CN=a expires in 22 days, at 2027-01-01T00:00:00Z \(status\.entries\[2\]\); used by .*apic\/c and 1 more$/,
  },
  { at: '2026-12-31T12:00:00Z', type: 'Warning', reason: 'CertificateExpiring', message: /^CN=a expires in 12 hours/ },
  { at: '2027-01-01T00:00:01Z', type: 'Warning', reason: 'CertificateExpired', message: /^CN=a expired just now/ },
  { at: '2027-01-11T00:00:00Z', type: 'Warning', reason: 'CertificateExpired', message: /^CN=a expired 10 days ago/ },
  { at: '2026-02-01T00:00:00Z', type: 'Normal', reason: 'CertificateReplaced', message: /^CN=a expires in 334 days/ },
];
for (const { at, type, reason, message } of told) {
  test(`transitionRemark() at ${at} is ${reason}`, () => {
    const now = new Date(at);
    const remark = transitionRemark({ certificate, verdict: judge(certificate, now), at: now });
    assert.deepEqual([remark.type, remark.reason], [type, reason]);
    assert.match(remark.message, message);
  });
}

test('transitionMessage() says what a program needs to know', () => {
  const at = new Date('2026-12-10T12:00:00Z');
  const message = transitionMessage({ certificate, verdict: judge(certificate, at), at });
  assert.deepEqual(
    { ...message, message: '', id: '' },
    {
      version: 1,
      id: '',
      event: 'CertificateExpiring',
      state: 'warning',
      at: '2026-12-10T12:00:00.000Z',
      message: '',
      daysLeft: 21.5,
      certificate,
    },
  );
});

test('a renewal that is late is called so', () => {
  const late = { ...certificate, managed: true, renewalTime: '2026-09-01T00:00:00Z' };
  const now = new Date('2026-09-02T00:00:00Z');
  const remark = transitionRemark({ certificate: late, verdict: judge(late, now), at: now });
  assert.equal(remark.reason, 'CertificateRenewalOverdue');
  assert.match(remark.message, /^CN=a should have been renewed, and expires in 121 days/);
});

test('transitionMessage() has the same id for the same change of state, and another for another', () => {
  const idAt = (at: string, given = certificate): string => {
    const now = new Date(at);
    return transitionMessage({ certificate: given, verdict: judge(given, now), at: now }).id;
  };
  const id = idAt('2026-12-10T12:00:00Z');
  assert.equal(idAt('2026-12-11T12:00:00Z'), id);
  assert.notEqual(idAt('2026-12-31T12:00:00Z'), id);
  assert.notEqual(idAt('2026-12-10T12:00:00Z', { ...certificate, fingerprint: 'ab' }), id);
});
