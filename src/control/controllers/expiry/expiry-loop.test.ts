import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import type { ExpiryMessage } from '#model/expiry';
import {
  certificateKind,
  eventKind,
  gatewayKind,
  gatewayNodeKind,
  keystoreKind,
  secretKind,
  truststoreKind,
} from '#model/resources';
import { formatCertificate, makePair } from '../../../model/expiry/test-certificates.ts';
import { asUser, namespace, startPlaneWithCA } from '../test-plane.ts';
import type { TestPlane } from '../test-plane.ts';
import type { ControllersOptions } from '../options.ts';

const hour = 3600_000;
const day = 24 * hour;

interface Watched {
  readonly plane: TestPlane;
  readonly told: string[];
  readonly messages: ExpiryMessage[];
}

async function watch(t: TestContext, options: Partial<ControllersOptions> = {}): Promise<Watched> {
  const messages: ExpiryMessage[] = [];
  const told: string[] = [];
  const onExpiry = (message: ExpiryMessage): void => {
    messages.push(message);
    told.push(`${message.certificate.source.kind}/${message.certificate.source.name} ${message.state}`);
  };
  const plane = await startPlaneWithCA({ ...options, onExpiry });
  t.after(() => plane.stop());
  return { plane, told, messages };
}

async function upload(plane: TestPlane, name: string, days: number, begin = plane.clock.now()): Promise<void> {
  const pair = makePair(name, begin, (days * day) / 1000);
  const data = { 'tls.crt': base64(pair.certificate), 'tls.key': base64(pair.key) };
  const object = { apiVersion: 'v1', kind: 'Secret', metadata: { name }, type: 'kubernetes.io/tls', data };
  await plane.store.create({ kind: secretKind, namespace }, object, asUser);
  await plane.controllers.idle();
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

/** In steps, because work that is due is done only between them. */
async function pass(plane: TestPlane, milliseconds: number, step = hour): Promise<void> {
  for (let left = milliseconds; left > 0; left -= step) await plane.pass(Math.min(left, step));
}

async function restart(plane: TestPlane): Promise<void> {
  await plane.controllers.stop();
  await plane.restart();
  await plane.controllers.idle();
}

test('an uploaded certificate is told of once in each state on the way to its end', async (t) => {
  const { plane, told } = await watch(t);
  await upload(plane, 'shop', 8);
  assert.deepEqual(told, []);
  await pass(plane, 6 * day - hour);
  assert.deepEqual(told, []);
  await pass(plane, 2 * hour);
  assert.deepEqual(told, ['Secret/shop warning']);
  await pass(plane, 2 * day);
  assert.deepEqual(told, ['Secret/shop warning', 'Secret/shop critical', 'Secret/shop expired']);
  await pass(plane, day);
  assert.equal(told.length, 3);
});

test('it is told at the instant, as a Warning about the object', async (t) => {
  const { plane, messages } = await watch(t);
  await upload(plane, 'shop', 8);
  await pass(plane, 6 * day - hour);
  await plane.pass(hour);
  assert.equal(messages.length, 1);
  assert.equal(messages[0]!.daysLeft, 2);
  await plane.pass(1000);
  const events = (await plane.all(eventKind)).filter(({ involvedObject }) => involvedObject.name === 'shop');
  assert.deepEqual(
    events.map(({ type, reason, message }) => [type, reason, message]),
    [['Warning', 'CertificateExpiring', messages[0]!.message]],
  );
});

test('what was told is not told again after a restart, and what happened meanwhile is', async (t) => {
  const { plane, told } = await watch(t);
  await upload(plane, 'shop', 8);
  await upload(plane, 'mail', 9);
  await pass(plane, 6 * day + 1000);
  assert.deepEqual(told, ['Secret/shop warning']);
  await restart(plane);
  assert.equal(told.length, 1);
  await plane.controllers.stop();
  plane.clock.advance(day);
  await plane.restart();
  await plane.controllers.idle();
  assert.deepEqual(told.slice(1).toSorted(), ['Secret/mail warning']);
  await restart(plane);
  assert.equal(told.length, 2);
});

test('a process that dies before it saved what it told tells it at most twice', async (t) => {
  const { plane, told } = await watch(t);
  await upload(plane, 'shop', 8);
  await pass(plane, 6 * day - hour);
  await plane.pass(hour);
  const dead = plane.controllers;
  await plane.restart();
  await plane.controllers.idle();
  await dead.stop();
  assert.deepEqual(new Set(told), new Set(['Secret/shop warning']));
  assert(told.length <= 2);
});

test('a certificate that arrives in alarm is told of at once, and its replacement too', async (t) => {
  const { plane, told, messages } = await watch(t);
  await upload(plane, 'old', 1, new Date(plane.clock.now().getTime() - 30 * day));
  assert.deepEqual(told, ['Secret/old expired']);
  const body = { data: { 'tls.crt': base64(formatCertificate('old', plane.clock.now(), 30 * 86_400)) } };
  await plane.store.patch({ kind: secretKind, namespace, name: 'old' }, { type: 'merge', body }, asUser);
  await plane.controllers.idle();
  assert.deepEqual(told, ['Secret/old expired', 'Secret/old ok']);
  assert.equal(messages[1]!.event, 'CertificateReplaced');
});

test('touching an object in alarm tells nothing new', async (t) => {
  const { plane, told } = await watch(t);
  await upload(plane, 'old', 1, new Date(plane.clock.now().getTime() - 30 * day));
  const body = { metadata: { labels: { a: 'b' } } };
  await plane.store.patch({ kind: secretKind, namespace, name: 'old' }, { type: 'merge', body }, asUser);
  await plane.controllers.idle();
  assert.deepEqual(told, ['Secret/old expired']);
});

test('certificates that renew themselves are never told of while they do', async (t) => {
  const { plane, told } = await watch(t);
  await plane.declare('web', { duration: '24h', renewBefore: '2h' });
  await plane.controllers.idle();
  const first = (await plane.certificate('web')).status?.revision;
  await pass(plane, 3 * day);
  assert(first !== (await plane.certificate('web')).status?.revision);
  assert.deepEqual(told, []);
});

test('a certificate whose renewal fails is told of when the renewal is late, and once it is renewed', async (t) => {
  const { plane, told } = await watch(t);
  await plane.declare('web', { duration: '48h', renewBefore: '24h' });
  await plane.controllers.idle();
  const ca = (await plane.secret('ca'))!;
  await plane.store.delete({ kind: secretKind, namespace, name: 'ca' }, asUser);
  const issuer = { issuerRef: { name: 'gone' } };
  const ref = { kind: certificateKind, namespace, name: 'ca' };
  await plane.store.patch(ref, { type: 'merge', body: { spec: issuer } }, asUser);
  await pass(plane, 26 * hour, 10 * 60_000);
  assert(told.includes('Certificate/web due'), told.join());
  await pass(plane, 24 * hour);
  assert.deepEqual(
    told.filter((one) => one.startsWith('Certificate/web')),
    ['due', 'warning', 'critical', 'expired'].map((state) => `Certificate/web ${state}`),
  );
  const { resourceVersion: _v, uid: _u, ...metadata } = ca.metadata;
  await plane.store.create({ kind: secretKind, namespace }, { ...ca, metadata }, asUser);
  await pass(plane, 24 * hour);
  assert(told.includes('Certificate/web ok'), told.join());
});

function instant(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}

/** A node reports a backend whose certificate lives eight days and has `left` milliseconds left. */
async function report(plane: TestPlane, node: string, left: number): Promise<void> {
  const end = plane.clock.now().getTime() + left;
  const dates = { notBefore: instant(new Date(end - 8 * day)), notAfter: instant(new Date(end)) };
  const presented = { subject: 'CN=backend', issuer: 'CN=partner ca', fingerprint: 'ab'.repeat(32), ...dates };
  const endpoints = [{ endpoint: 'b.example:443', apis: ['apic/shop'], presented, state: 'proven' }];
  const object = {
    apiVersion: 'chancery.dev/v1',
    kind: 'GatewayNode',
    metadata: { name: node },
    spec: { gatewayRef: { name: 'edge' } },
    status: { endpoints, lastSeenTime: instant(plane.clock.now()) },
  };
  await plane.store.create({ kind: gatewayNodeKind, namespace }, object as never, { ...asUser, withStatus: true });
  await plane.controllers.idle();
  await plane.pass(5000);
}

test('what gateway nodes see at backends is told of once for the Gateway, however many nodes see it', async (t) => {
  const { plane, told, messages } = await watch(t);
  const sni = [{ host: '*', tlsServerProfileRef: { name: 'p' } }];
  const gateway = { apiVersion: 'chancery.dev/v1', kind: 'Gateway', metadata: { name: 'edge' }, spec: { sni } };
  await plane.store.create({ kind: gatewayKind, namespace }, gateway, asUser);
  await report(plane, 'n1', 2 * day + hour);
  await report(plane, 'n2', 2 * day + hour);
  assert.deepEqual(told, []);
  await pass(plane, 2 * hour);
  assert.deepEqual(told, ['Gateway/edge warning']);
  assert.deepEqual(messages[0]!.certificate.nodes, ['n1', 'n2']);
  assert.equal(messages[0]!.certificate.endpoint, 'b.example:443');
  await restart(plane);
  assert.equal(told.length, 1);
});

test('a backend that is no longer called is not watched any more, and one that shows an expired certificate is told of', async (t) => {
  const { plane, told } = await watch(t);
  const sni = [{ host: '*', tlsServerProfileRef: { name: 'p' } }];
  const gateway = { apiVersion: 'chancery.dev/v1', kind: 'Gateway', metadata: { name: 'edge' }, spec: { sni } };
  await plane.store.create({ kind: gatewayKind, namespace }, gateway, asUser);
  await report(plane, 'n1', 2 * day + hour);
  await plane.store.delete({ kind: gatewayNodeKind, namespace, name: 'n1' }, asUser);
  await pass(plane, 2 * hour);
  assert.deepEqual(told, []);
  await report(plane, 'n1', -hour);
  assert.deepEqual(told, ['Gateway/edge expired']);
});

test('the list of what expires has all places, the most urgent first, and says when it is cut off', async (t) => {
  const { plane } = await watch(t);
  await upload(plane, 'old', 1, new Date(plane.clock.now().getTime() - 30 * day));
  await upload(plane, 'shop', 20);
  await plane.declare('web', { duration: '240h' });
  const partner = formatCertificate('partner', plane.clock.now(), 12 * 86_400);
  const spec = { sources: [{ certificates: partner }] };
  const truststore = { apiVersion: 'chancery.dev/v1', kind: 'Truststore', metadata: { name: 'partners' }, spec };
  await plane.store.create({ kind: truststoreKind, namespace }, truststore, asUser);
  await plane.controllers.idle();
  await report(plane, 'n1', 7 * day);
  const until = new Date(plane.clock.now().getTime() + 30 * day);
  const { items, complete } = await plane.controllers.expiring({ until, limit: 100 });
  assert.deepEqual(
    items.map(({ source, state }) => `${source.kind}/${source.name} ${state}`),
    ['Secret/old expired', 'Gateway/edge ok', 'Certificate/web ok', 'Truststore/partners ok', 'Secret/shop ok'],
  );
  assert.equal(complete, true);
  const short = await plane.controllers.expiring({ until, limit: 2 });
  assert.deepEqual([short.items.length, short.complete, short.items[0]!.state], [2, false, 'expired']);
  const soon = await plane.controllers.expiring({ until: new Date(plane.clock.now().getTime() + 13 * day), limit: 9 });
  assert.equal(soon.items.length, 4);
});

test('a list that is cut off leaves out who renews itself before anybody else', async (t) => {
  const { plane } = await watch(t);
  for (const name of ['a', 'b', 'c']) await plane.declare(name, { duration: '24h' });
  await upload(plane, 'shop', 20);
  const until = new Date(plane.clock.now().getTime() + 30 * day);
  const { items } = await plane.controllers.expiring({ until, limit: 1 });
  assert.deepEqual(
    items.map(({ source }) => source.name),
    ['shop'],
  );
});

test('a keystore over the Secret of a Certificate is renewed by itself, over a Secret that was brought along it is not', async (t) => {
  const { plane, told } = await watch(t);
  await plane.declare('web', { duration: '24h', renewBefore: '1h' });
  await upload(plane, 'shop', 1);
  for (const name of ['web', 'shop']) {
    const spec = { secretRef: { name } };
    const keystore = { apiVersion: 'chancery.dev/v1', kind: 'Keystore', metadata: { name }, spec };
    await plane.store.create({ kind: keystoreKind, namespace }, keystore, asUser);
  }
  await plane.controllers.idle();
  const until = new Date(plane.clock.now().getTime() + 2 * day);
  const { items } = await plane.controllers.expiring({ until, limit: 10 });
  const managed = items
    .filter(({ source }) => source.kind === 'Keystore')
    .map(({ source, managed }) => `${source.name} ${managed}`);
  assert.deepEqual(managed.toSorted(), ['shop false', 'web true']);
  await pass(plane, 22 * hour);
  assert.deepEqual(told.toSorted(), [
    'Keystore/shop critical',
    'Keystore/shop warning',
    'Secret/shop critical',
    'Secret/shop warning',
  ]);
});

test("metrics carry x509-certificate-exporter's names and labels", async (t) => {
  const { plane } = await watch(t);
  await upload(plane, 'shop', 20);
  const text = await plane.metrics.metrics();
  const line = text
    .split('\n')
    .find((one) => one.startsWith('x509_cert_not_after{') && one.includes('secret_name="shop"'))!;
  assert.match(line, /serial_number="\d+"/);
  assert.match(line, /subject_CN="shop"/);
  assert.match(line, /issuer_CN="shop"/);
  assert.match(line, /secret_namespace="apic",secret_name="shop",secret_key="tls\.crt"/);
  assert.equal(Number(line.split(' ').at(-1)), Math.floor(plane.clock.now().getTime() / 1000) + 20 * 86_400);
  for (const name of ['not_before', 'expired', 'expires_in_seconds', 'valid_since_seconds'])
    assert.match(text, new RegExp(`^x509_cert_${name}{.*secret_name="shop"`, 'm'));
  assert.match(text, /^chancery_expiry_series_left_out 0$/m);
  assert.match(text, /^x509_source_up{source_kind="chancery",source_name="secrets"} 1$/m);
  assert.match(
    text,
    /^x509_source_errors_total{source_kind="chancery",source_name="truststores",reason="api_error"} 0$/m,
  );
});
