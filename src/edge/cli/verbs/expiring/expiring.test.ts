import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ExpiringCertificate } from '#model/expiry';
import { formatExpiring } from './expiring-view.ts';

const io = { isTerminal: false, env: {}, now: () => new Date('2026-11-22T00:00:00Z') };

const items: ExpiringCertificate[] = [
  {
    subject: 'CN=old',
    issuer: 'CN=ca',
    fingerprint: 'ab12',
    source: { kind: 'Truststore', namespace: 'apic', name: 'partners', path: 'status.entries[2]' },
    notAfter: '2026-11-20T00:00:00Z',
    isCA: false,
    managed: false,
    usedBy: ['TLSClientProfile apic/a', 'TLSClientProfile apic/b', 'TLSClientProfile apic/c'],
    state: 'expired',
    daysLeft: -2,
  },
  {
    subject: '',
    source: { kind: 'ClusterIssuer', name: 'root', path: 'status.ca' },
    notAfter: '2026-12-22T00:00:00Z',
    isCA: true,
    managed: false,
    nodes: ['n1'],
    state: 'ok',
    daysLeft: 30,
  },
];

test('formatExpiring() says of each certificate how urgent it is, where it is and who uses it', () => {
  assert.equal(
    formatExpiring(io, { at: '', items, complete: true }, false),
    `STATE     EXPIRES   SUBJECT   NAMESPACE   FOUND IN              USED BY
expired   2d ago    CN=old    apic        truststore/partners   TLSClientProfile apic/a, TLSClientProfile apic/b and 1 more
ok        in 30d    -         -           clusterissuer/root    -
`,
  );
});

test('formatExpiring() adds issuer, place, nodes and fingerprint when it is wide', () => {
  const [heading, first, second] = formatExpiring(io, { at: '', items, complete: true }, true).split('\n');
  assert.match(heading!, /USED BY +NOT AFTER +ISSUER +PLACE +NODES +SHA-256$/);
  assert.match(first!, /2026-11-20T00:00:00Z +CN=ca +status\.entries\[2\] +- +ab12$/);
  assert.match(second!, /- +status\.ca +n1 +-$/);
});

test('formatExpiring() says when there is more', () => {
  assert.match(
    formatExpiring(io, { at: '', items, complete: false }, false),
    /There are more; ask for them with --limit\.\n$/,
  );
});
