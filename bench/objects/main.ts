/**
 * What managed fields, patches, selectors and cells cost for a Certificate of 3 kB: `node bench/objects/main.ts`.
 * Prints microseconds for each call.
 */
import {
  applyServerSide,
  compileCell,
  compileFieldSchema,
  equalIgnoringManagedFieldTimes,
  matchesLabels,
  parseLabelSelector,
  recordUpdate,
  setCondition,
  type Condition,
  type Draft,
  type KubeObject,
} from '#model/objects';
import { builtinKinds } from '#model/resources';

type Certificate = KubeObject & {
  spec: Record<string, unknown>;
  status: { conditions: Condition[]; revision: number };
};

const kind = builtinKinds.find((one) => one.kind === 'Certificate')!;
const schema = compileFieldSchema(kind.schema);
const apiVersion = 'cert-manager.io/v1';
const now = new Date('2026-01-01T00:00:00Z');
const later = new Date('2026-01-01T00:10:00Z');

const created = {
  apiVersion,
  kind: 'Certificate',
  metadata: {
    name: 'gateway-server',
    namespace: 'apic',
    uid: '4b3f5d0e-0000-4000-8000-000000000001',
    resourceVersion: '17',
    generation: 1,
    creationTimestamp: '2026-01-01T00:00:00Z',
    labels: { app: 'gateway', 'app.kubernetes.io/part-of': 'apic', tier: 'edge' },
    annotations: { 'example.com/owner': 'platform', 'example.com/contact': 'x'.repeat(200) },
  },
  spec: {
    secretName: 'gateway-server',
    commonName: 'gateway.apic.svc',
    dnsNames: Array.from({ length: 30 }, (_, index) => `gateway-${index}.apic.svc.cluster.local`),
    issuerRef: { name: 'ingress-issuer', kind: 'Issuer', group: 'cert-manager.io' },
    privateKey: { algorithm: 'ECDSA', size: 256, rotationPolicy: 'Always' },
    duration: '2160h0m0s',
    renewBefore: '720h0m0s',
    usages: ['digital signature', 'key encipherment', 'server auth', 'client auth'],
    secretTemplate: { labels: { a: 'b' }, annotations: { c: 'd' } },
  },
} as unknown as Draft<Certificate>;

const by = { apiVersion, schema };
const first = stored(created, recordUpdate({ live: undefined, next: created, manager: 'kubectl', now, ...by }));
const ready = withStatus(first, 'True', 1);
const live = stored(
  ready,
  recordUpdate({ live: first, next: ready, manager: 'chancery', now, ...by, subresource: 'status' }),
);
const { status: _status, ...applied } = { ...created, status: undefined } as unknown as Draft<Certificate>;

function stored(draft: Draft, managedFields: KubeObject['metadata']['managedFields']): Certificate {
  return { ...draft, metadata: { ...draft.metadata, ...(managedFields && { managedFields }) } } as Certificate;
}

function withStatus(object: Certificate, status: 'True' | 'False', revision: number): Certificate {
  const update = { type: 'Ready', status, reason: status, message: `revision ${revision}`, observedGeneration: 1 };
  const conditions = [...setCondition(object.status?.conditions, update, later)];
  return { ...object, status: { conditions, revision } };
}

function copy<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

/** Runs `call` for about a second with inputs made anew, so that no identity helps; only the calls are timed. */
function measure<T>(name: string, input: () => T, call: (input: T) => unknown): void {
  const batch = 200;
  let best = Infinity;
  for (let round = 0; round < 25; round += 1) {
    const inputs = Array.from({ length: batch }, input);
    const start = process.hrtime.bigint();
    for (const one of inputs) call(one);
    best = Math.min(best, Number(process.hrtime.bigint() - start) / 1000 / batch);
  }
  console.log(`${name.padEnd(58)} ${best.toFixed(1).padStart(8)} us`);
}

console.log(`Certificate of ${JSON.stringify(live).length} characters`);
measure('JSON.parse and JSON.stringify, for comparison', () => live, copy);
measure(
  'recordUpdate: create',
  () => copy(created),
  (next) => recordUpdate({ live: undefined, next, manager: 'kubectl', now, ...by }),
);
measure(
  'recordUpdate: nothing changed',
  () => [copy(live), copy(live)] as const,
  ([live, next]) => recordUpdate({ live, next, manager: 'kubectl', now: later, ...by }),
);
measure(
  'recordUpdate: status of two fields changed',
  () => [copy(live), copy(withStatus(live, 'False', 2))] as const,
  ([live, next]) => recordUpdate({ live, next, manager: 'chancery', now: later, ...by, subresource: 'status' }),
);
measure(
  'recordUpdate: spec and labels changed by another manager',
  () => [copy(live), { ...copy(live), spec: { ...live.spec, secretName: 'other', isCA: true } }] as const,
  ([live, next]) => recordUpdate({ live, next, manager: 'editor', now: later, ...by }),
);
measure(
  'applyServerSide: create',
  () => copy(applied),
  (applied) => applyServerSide({ live: undefined, applied, manager: 'kubectl', force: false, now, ...by }),
);
measure(
  'applyServerSide: the same again',
  () => [copy(live), copy(applied)] as const,
  ([live, applied]) => applyServerSide({ live, applied, manager: 'helm', force: true, now, ...by }),
);
measure(
  'equalIgnoringManagedFieldTimes',
  () => [copy(live), copy(live)] as const,
  ([a, b]) => equalIgnoringManagedFieldTimes(a, b),
);
const selector = parseLabelSelector('app=gateway,tier in (edge,core),!gone');
measure(
  'matchesLabels: three requirements',
  () => live,
  (object) => matchesLabels(selector, object.metadata.labels),
);
const cells = kind.printerColumns.map(compileCell);
measure(
  `table row of ${cells.length} cells`,
  () => live,
  (object) => cells.map((cell) => cell(object, later)),
);
