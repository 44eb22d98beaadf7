import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ExpiringCertificate } from '#model/expiry';
import type { Certificate, CertificateRequest, Issuer } from '#model/resources';
import { surveyCertificates } from './gather.ts';
import { makeReport, type Gathered } from './report.ts';
import { formatStatus } from './status-view.ts';
import { surveyTLS } from './survey-tls.ts';

const now = new Date('2026-01-01T00:01:00Z');
const io = { isTerminal: false, env: {}, now: () => now };
const created = '2026-01-01T00:00:00Z';

function condition(type: string, status: 'True' | 'False', reason: string, message: string): object {
  return { type, status, reason, message, lastTransitionTime: created };
}

function certificate(name: string, conditions: object[], status: object = {}): Certificate {
  const metadata = { name, namespace: 'apic', creationTimestamp: created };
  return { kind: 'Certificate', metadata, spec: {}, status: { conditions, ...status } } as unknown as Certificate;
}

const ready = condition('Ready', 'True', 'Ready', 'Certificate is up to date and has not expired');
const absent = condition('Ready', 'False', 'DoesNotExist', 'Issuing certificate as Secret does not exist');

function request(name: string, conditions: object[]): CertificateRequest {
  const annotations = { 'cert-manager.io/certificate-name': name };
  const metadata = { name: `${name}-1`, namespace: 'apic', creationTimestamp: created, annotations };
  const spec = { issuerRef: { name: 'ghost' } };
  return { kind: 'CertificateRequest', metadata, spec, status: { conditions } } as unknown as CertificateRequest;
}

const nothing: Gathered = {
  server: 'https://127.0.0.1:9443',
  version: '0.1.0',
  issuers: [],
  certificates: { ready: 0, total: 0 },
  failing: [],
  upcoming: [],
  expiring: [],
  requests: [],
  tls: { counts: {}, notReady: [], cautions: [] },
};

const reasons: [string, object[], object[] | undefined, string][] = [
  ['why it is not ready', [absent], undefined, 'DoesNotExist: Issuing certificate as Secret does not exist'],
  [
    'why the last issue failed, before all else',
    [absent, condition('Issuing', 'False', 'Failed', 'lint failed')],
    [condition('Ready', 'False', 'Pending', 'p')],
    'Failed: lint failed',
  ],
  [
    'that its issuer is missing',
    [absent],
    [condition('Ready', 'False', 'Pending', 'Referenced "Issuer" not found: issuer.cert-manager.io "ghost" not found')],
    'Pending: Referenced "Issuer" not found: issuer.cert-manager.io "ghost" not found',
  ],
  [
    'which issuer is not ready',
    [absent],
    [condition('Ready', 'False', 'Pending', 'Referenced issuer does not have a Ready status condition')],
    'Pending: Referenced issuer does not have a Ready status condition (Issuer "ghost")',
  ],
  [
    'that nobody has answered its request',
    [absent],
    [],
    'Requested: CertificateRequest "a-1" waits for a signer of Issuer.cert-manager.io "ghost"',
  ],
  ['that nobody has looked at it', [], undefined, 'not looked at yet'],
];

for (const [what, conditions, ofRequest, reason] of reasons) {
  test(`makeReport() says of a failing certificate ${what}`, () => {
    const requests = ofRequest === undefined ? [] : [request('a', ofRequest)];
    const report = makeReport({ ...nothing, failing: [certificate('a', conditions)], requests });
    assert.equal(report.notReady[0]!.reason, reason);
    assert.equal(report.ready, false);
  });
}

test('surveyCertificates() counts all, and keeps the failing ones and the five that expire first', async () => {
  async function* all(): AsyncGenerator<Certificate> {
    for (const day of [9, 3, 7, 1, 5, 8, 2])
      yield certificate(`c${day}`, [ready], { notAfter: `2027-01-0${day}T00:00:00Z` });
    yield certificate('bad', [absent]);
  }
  const progress = { show: () => undefined, clear: () => undefined };
  const { certificates, failing, upcoming } = await surveyCertificates(all(), progress);
  assert.deepEqual(certificates, { ready: 7, total: 8 });
  assert.deepEqual(
    failing.map(({ metadata }) => metadata.name),
    ['bad'],
  );
  assert.deepEqual(
    upcoming.map(({ metadata }) => metadata.name),
    ['c1', 'c2', 'c3', 'c5', 'c7'],
  );
});

test('formatStatus() fits one screen: counts, failures, authorities, what expires next', () => {
  const ca = { subject: 'CN=root', notAfter: '2036-01-01T00:00:00Z' };
  const metadata = { name: 'ca', namespace: 'apic', creationTimestamp: created };
  const issuer = { kind: 'Issuer', metadata, status: { conditions: [ready], ca } } as unknown as Issuer;
  const next = certificate('b', [ready], { notAfter: '2026-01-03T00:01:00Z', renewalTime: created });
  const report = makeReport({
    ...nothing,
    issuers: [issuer],
    certificates: { ready: 1, total: 2 },
    failing: [certificate('a', [absent])],
    upcoming: [next],
  });
  assert.equal(
    formatStatus(io, report),
    `Chancery 0.1.0 at https://127.0.0.1:9443: not all ready
  1 of 1 issuer ready
  1 of 2 certificates ready

Not ready (1)
  NAME            NAMESPACE   SINCE   WHY
  certificate/a   apic        60s     DoesNotExist: Issuing certificate as Secret does not exist

Certificate authorities
  ISSUER   NAMESPACE   CA        EXPIRES
  ca       apic        CN=root   in 10y

Expires next
  CERTIFICATE   NAMESPACE   EXPIRES   RENEWS
  b             apic        in 2d     due
`,
  );
});

test('formatStatus() cuts a long list of failures off, and says how many are left out', () => {
  const failing = Array.from({ length: 20 }, (_, index) => certificate(`c${index}`, [absent]));
  assert.match(
    formatStatus(io, makeReport({ ...nothing, failing })),
    /Not ready \(20\)\n(.*\n){16} {2}\.\.\. and 5 more\n$/,
  );
});

test('formatStatus() shows certificates of all places that are near their end', () => {
  const expiring: ExpiringCertificate[] = [
    {
      subject: 'CN=backend',
      source: { kind: 'Gateway', namespace: 'apic', name: 'edge', path: 'backend b.example:443' },
      endpoint: 'b.example:443',
      notAfter: '2025-12-31T00:01:00Z',
      isCA: false,
      managed: false,
      state: 'expired',
      daysLeft: -1,
    },
  ];
  assert.match(
    formatStatus(io, makeReport({ ...nothing, expiring })),
    /Expired or near its end \(1\)\n.*\n {2}expired {3}24h ago {3}CN=backend {3}apic {8}gateway\/edge at b\.example:443\n/,
  );
});

function own(kind: string, name: string, conditions: object[], labels: Record<string, string> = {}): Certificate {
  const metadata = { name, namespace: 'team', creationTimestamp: created, labels };
  return { kind, metadata, status: { conditions } } as unknown as Certificate;
}

test('surveyTLS() counts by kind, and tells what fails and what is a caution', async () => {
  const waiting = condition('Ready', 'False', 'CertificateNotFound', 'no such certificate');
  const lost = { ...condition('Ready', 'False', 'NodeLost', 'silent since 1 m'), status: 'Unknown' };
  const objects = [
    own('API', 'petstore', [condition('Ready', 'True', 'Served', '')]),
    own('API', 'orders', [waiting]),
    own('Keystore', 'portal-director', [waiting], { 'chancery.dev/default': 'true' }),
    own('Gateway', 'default', [condition('Ready', 'False', 'NoNodes', 'nobody runs it')]),
    own('Gateway', 'edge', [
      condition('Ready', 'True', 'Running', ''),
      condition('DefaultProfileInProduction', 'True', 'UsesDefaults', 'make own profiles'),
    ]),
    own('GatewayNode', 'edge-1', [lost]),
    own('Rotation', 'without-conditions', []),
    own('Rotation', 'taken-back', [condition('Ready', 'False', 'RolledBack', 'the old CA signs again')]),
  ];
  const survey = await surveyTLS(
    (async function* () {
      yield* objects;
    })(),
  );
  assert.deepEqual(survey.counts, {
    API: { ready: 1, total: 2 },
    Keystore: { ready: 1, total: 1 },
    Gateway: { ready: 2, total: 2 },
    GatewayNode: { ready: 0, total: 1 },
    Rotation: { ready: 2, total: 2 },
  });
  assert.deepEqual(
    survey.notReady.map(({ name, reason }) => [name, reason]),
    [
      ['orders', 'CertificateNotFound: no such certificate'],
      ['edge-1', 'NodeLost: silent since 1 m'],
    ],
  );
  const text = formatStatus(io, makeReport({ ...nothing, tls: survey }));
  assert.match(text, /^ {2}1 of 2 APIs ready$/m);
  assert.match(text, /Needs attention \(1\)\n.*\n +gateway\/edge +team +UsesDefaults: make own profiles/);
  assert.match(text, /: not all ready/);
});
