import assert from 'node:assert/strict';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { describe, test } from 'node:test';
import { isCoded } from '#errors';
import { conditionOf } from '#model/objects';
import { certificateKind, certificateRequestKind, issuerKind, secretKind } from '#model/resources';
import type { Secret } from '#model/resources';
import { draft, issuerSuites } from './issuers.ts';
import { opensslReport } from './openssl.ts';
import { namespace, textOf, type Subject } from './subject.ts';
import { verifyByOpenssl } from './validations.ts';

const root = { name: 'root' };
const ecdsa = { algorithm: 'ECDSA', size: 256 } as const;

/** What happens to a certificate after it was issued, with the names of cert-manager's end-to-end suites. */
export function certificateLifecycle(subject: Subject): void {
  for (const { title, ref } of issuerSuites) reissuing(subject, title, ref);
  describe('a Secret template', () => secretTemplate(subject));
  describe('additional output formats', () => additionalOutputFormats(subject));
  describe('several certificates and one Secret', () => duplicateSecretName(subject));
  describe('the Secret is put right', () => repairs(subject));
  describe('deletion in the foreground', () => foregroundDeletion(subject));
  describe('a temporary certificate', () => temporaryCertificate(subject));
}

function reissuing(subject: Subject, title: string, issuerRef: (typeof issuerSuites)[number]['ref']): void {
  const spec = { issuerRef, dnsNames: ['again.example.com'] };

  test(`should issue another certificate with the same private key if the existing certificate and CertificateRequest are deleted, with ${title}`, async () => {
    const name = `same-key-${issuerRef.name}`;
    const kept = { ...spec, privateKey: { ...ecdsa, rotationPolicy: 'Never' as const } };
    const first = await subject.issue(name, kept);
    await subject.client.delete(certificateKind, name, { namespace });
    await Promise.all((await subject.requests(name)).map((request) => remove(subject, request.metadata.name)));
    await empty(subject, name, 'tls.crt');
    const second = await subject.issue(name, kept);
    assert.equal(second.keyPEM, first.keyPEM);
    assert.notEqual(second.chain[0], first.chain[0]);
  });

  test(`should allow updating an existing certificate with a new DNS Name, with ${title}`, async () => {
    const name = `update-${issuerRef.name}`;
    const first = await subject.issue(name, { ...spec, privateKey: ecdsa });
    const second = await subject.change(name, { dnsNames: ['again.example.com', 'new.example.com'] });
    const { altNames } = await opensslReport(second.chain[0]!, subject.folder, name);
    assert.deepEqual(altNames, ['DNS:again.example.com', 'DNS:new.example.com']);
    assert.equal(second.certificate.status?.revision, 2);
    assert.notEqual(second.keyPEM, first.keyPEM);
    await verifyByOpenssl(second, subject.folder);
  });
}

/** Requests go with their Certificate, so another may have been faster. */
async function remove(subject: Subject, request: string): Promise<void> {
  await subject.client.delete(certificateRequestKind, request, { namespace }).catch((error: unknown) => {
    if (!isCoded(error, 'not-found')) throw error;
  });
}

async function empty(subject: Subject, secret: string, key: string): Promise<void> {
  await subject.client.patch(secretKind, secret, 'merge', { data: { [key]: '' } }, { namespace });
}

/** Whether a Secret carries labels; `undefined` is a label that it may not carry. */
function has(labels: Record<string, string | undefined>): (secret: Secret) => boolean {
  return ({ metadata }) => Object.entries(labels).every(([key, value]) => metadata.labels?.[key] === value);
}

function secretTemplate(subject: Subject): void {
  const name = 'template';

  test('should add, change and remove annotations and labels, and leave alone those of others', async () => {
    const secretTemplate = { labels: { team: 'a', gone: 'soon' }, annotations: { note: 'first' } };
    const first = await subject.issue(name, { issuerRef: root, commonName: name, privateKey: ecdsa, secretTemplate });
    assert.ok(has({ team: 'a', gone: 'soon' })(first.secret));
    assert.equal(first.secret.metadata.annotations?.['note'], 'first');

    const theirs = { metadata: { labels: { theirs: 'kept' } } };
    await subject.client.patch(secretKind, name, 'merge', theirs, { namespace, fieldManager: 'someone' });
    await subject.change(name, { secretTemplate: { labels: { team: 'b', gone: null }, annotations: null } });
    const changed = await subject.secretWhen(name, has({ team: 'b', gone: undefined, theirs: 'kept' }));
    assert.equal(changed.metadata.annotations?.['note'], undefined);

    await subject.change(name, { secretTemplate: null });
    const last = await subject.secretWhen(name, has({ team: undefined, theirs: 'kept' }));
    assert.deepEqual(last.data, first.secret.data, 'nothing was issued again');
  });

  test('should write a managed label again that someone has changed', async () => {
    const other = `${name}-changed`;
    const secretTemplate = { labels: { team: 'a' } };
    await subject.issue(other, { issuerRef: root, commonName: other, privateKey: ecdsa, secretTemplate });
    const wrong = { metadata: { labels: { team: 'wrong' } } };
    await subject.client.patch(secretKind, other, 'merge', wrong, { namespace, fieldManager: 'someone' });
    await subject.secretWhen(other, has({ team: 'a' }));
  });
}

function hasBoth({ data = {} }: Secret): boolean {
  return 'key.der' in data && 'tls-combined.pem' in data;
}

function additionalOutputFormats(subject: Subject): void {
  const both = [{ type: 'CombinedPEM' }, { type: 'DER' }] as const;
  const spec = { issuerRef: root, dnsNames: ['outputs.example.com'], privateKey: ecdsa };

  test('should add them, fitting key and chain, and remove them with the spec', async () => {
    const name = 'outputs';
    const { secret: before } = await subject.issue(name, spec);
    assert.ok(!hasBoth(before));
    await subject.change(name, { additionalOutputFormats: both.map((format) => ({ ...format })) });
    const added = await subject.secretWhen(name, hasBoth);
    assertOutputs(added);
    assert.equal(added.data!['tls.crt'], before.data!['tls.crt'], 'nothing was issued again');
    await subject.change(name, { additionalOutputFormats: [{ type: 'DER' }] });
    await subject.secretWhen(name, ({ data = {} }) => 'key.der' in data && !('tls-combined.pem' in data));
    await subject.change(name, { additionalOutputFormats: null });
    await subject.secretWhen(name, ({ data = {} }) => !('key.der' in data));
  });

  test('should write them again when their values have been changed', async () => {
    const name = 'outputs-repaired';
    const { secret } = await subject.issue(name, { ...spec, additionalOutputFormats: [...both] });
    assertOutputs(secret);
    await empty(subject, name, 'key.der');
    await subject.secretWhen(name, ({ data }) => data?.['key.der'] === secret.data!['key.der']);
  });

  test('should renew them together with the certificate', async () => {
    const name = 'outputs-renewed';
    const first = await subject.issue(name, { ...spec, additionalOutputFormats: [...both] });
    const second = await subject.change(name, { dnsNames: ['outputs-2.example.com'] });
    assertOutputs(second.secret);
    assert.notEqual(second.secret.data!['key.der'], first.secret.data!['key.der']);
  });

  test('should keep what a third party has put into the Secret', async () => {
    const name = 'outputs-third-party';
    await subject.issue(name, spec);
    await applyData(subject, name, { 'third.pem': 'dGhpcmQ=', 'key.der': 'dGhlaXJz' });
    const { secret } = await subject.change(name, { dnsNames: ['outputs-3.example.com'] });
    assert.equal(secret.data!['third.pem'], 'dGhpcmQ=');
    assert.equal(secret.data!['key.der'], 'dGhlaXJz');
  });

  test('should keep, when removed from the spec, what a third party owns as well', async () => {
    const name = 'outputs-shared';
    const { secret } = await subject.issue(name, { ...spec, additionalOutputFormats: [...both] });
    await applyData(subject, name, { 'key.der': secret.data!['key.der']! });
    await subject.change(name, { additionalOutputFormats: null });
    const after = await subject.secretWhen(name, ({ data = {} }) => !('tls-combined.pem' in data));
    assert.equal(after.data!['key.der'], secret.data!['key.der']);
  });
}

async function applyData(subject: Subject, name: string, data: Record<string, string>): Promise<void> {
  const object = { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, type: 'kubernetes.io/tls', data };
  await subject.client.apply(secretKind, object, { fieldManager: 'third-party', force: true });
}

function assertOutputs(secret: Secret): void {
  const pem = textOf(secret, 'tls.key');
  const label = /BEGIN (.*)-----/.exec(pem)![1];
  const type = label === 'EC PRIVATE KEY' ? 'sec1' : 'pkcs8';
  const key = createPrivateKey({ key: Buffer.from(secret.data!['key.der']!, 'base64'), format: 'der', type });
  assert.ok(key.equals(createPrivateKey(pem)));
  assert.equal(textOf(secret, 'tls-combined.pem'), `${pem}\n${textOf(secret, 'tls.crt')}`);
}

function duplicateSecretName(subject: Subject): void {
  const spec = { issuerRef: root, privateKey: ecdsa };
  const requestCounts = (names: readonly string[]): Promise<number[]> =>
    Promise.all(names.map(async (name) => (await subject.requests(name)).length));

  test('they should block issuance, and never create more than one request', async () => {
    const names = ['claimant-1', 'claimant-2', 'claimant-3'];
    for (const name of names) await subject.declare(name, { ...spec, secretName: 'wanted-by-three', commonName: name });
    await subject.untilReady('claimant-1');
    // Everything that was declared before this one has been looked at when it is Ready.
    await subject.issue('after-the-claimants', { ...spec, commonName: 'after' });
    assert.deepEqual(await requestCounts(names), [1, 0, 0]);
    for (const name of names.slice(1))
      assert.equal(conditionOf((await subject.certificate(name)).status?.conditions, 'Ready')?.status, 'False');
  });

  test('a certificate that wants the Secret of another is told whose it is', async () => {
    const owner = await subject.issue('owner', { ...spec, commonName: 'owner' });
    await subject.declare('latecomer', { ...spec, secretName: 'owner', commonName: 'latecomer' });
    const blocked = await subject.until(
      () => subject.certificate('latecomer'),
      ({ status }) => conditionOf(status?.conditions, 'Ready') !== undefined,
    );
    const ready = conditionOf(blocked.status?.conditions, 'Ready');
    assert.equal(ready?.reason, 'IncorrectCertificate');
    assert.match(ready?.message ?? '', /Secret was issued for "owner"\. If this message is not transient/);
    assert.deepEqual(await requestCounts(['owner', 'latecomer']), [1, 0]);
    assert.equal((await subject.secret('owner')).data!['tls.crt'], owner.secret.data!['tls.crt']);
  });

  test('a Secret name of its own ends the block', async () => {
    const freed = await subject.change('latecomer', { secretName: 'of-its-own' });
    assert.equal(freed.secret.metadata.name, 'of-its-own');
  });
}

function repairs(subject: Subject): void {
  const spec = { issuerRef: root, dnsNames: ['repair.example.com'], privateKey: ecdsa };
  const damages: readonly { readonly what: string; readonly damage: (name: string) => Promise<unknown> }[] = [
    { what: 'is deleted', damage: (name) => subject.client.delete(secretKind, name, { namespace }) },
    { what: 'has lost its certificate', damage: (name) => empty(subject, name, 'tls.crt') },
    { what: 'has lost its key', damage: (name) => empty(subject, name, 'tls.key') },
    {
      what: 'holds the key of another',
      damage: async (name) => {
        const { data } = await subject.secret('root');
        const patch = { data: { 'tls.key': data!['tls.key']! } };
        await subject.client.patch(secretKind, name, 'merge', patch, { namespace });
      },
    },
  ];
  for (const [index, { what, damage }] of damages.entries()) {
    test(`a certificate whose Secret ${what} is issued again`, async () => {
      const name = `repair-${index}`;
      const first = await subject.issue(name, spec);
      await damage(name);
      const second = await subject.untilReady(name, 2);
      assert.notEqual(second.chain[0], first.chain[0]);
      assert.ok(new X509Certificate(second.chain[0]!).checkPrivateKey(createPrivateKey(second.keyPEM)));
    });
  }
}

function foregroundDeletion(subject: Subject): void {
  test('no request and no Secret is made for a certificate that is being deleted', async () => {
    const name = 'on-its-way-out';
    const spec = { issuerRef: root, commonName: name, privateKey: ecdsa };
    await subject.issue(name, spec, { finalizers: ['example.com/hold'] });
    await subject.client.delete(certificateKind, name, { namespace, propagationPolicy: 'Foreground' });
    await subject.client.delete(secretKind, name, { namespace });
    // What was due for the first has been done when the second is Ready.
    await subject.issue('after-the-deletion', { ...spec, commonName: 'after' });
    await assert.rejects(subject.secret(name), (error) => isCoded(error, 'not-found'));
    assert.ok((await subject.requests(name)).every(({ metadata }) => metadata.name === `${name}-1`));
    await subject.client.patch(certificateKind, name, 'merge', { metadata: { finalizers: null } }, { namespace });
    await assert.rejects(subject.certificate(name), (error) => isCoded(error, 'not-found'));
  });
}

function temporaryCertificate(subject: Subject): void {
  test('stands in the Secret until the issuer answers, with the key that stays', async () => {
    const name = 'temporary';
    const annotations = { 'cert-manager.io/issue-temporary-certificate': 'true' };
    const spec = { issuerRef: { name: 'comes-later' }, dnsNames: ['temporary.example.com'], privateKey: ecdsa };
    await subject.declare(name, spec, { annotations });
    const early = await subject.secretWhen(name, ({ data = {} }) => Boolean(data['tls.crt']));
    const report = await opensslReport(textOf(early, 'tls.crt'), subject.folder, name);
    assert.match(report.issuer, /CN=cert-manager\.local/);
    assert.deepEqual(report.altNames, ['DNS:temporary.example.com']);
    await subject.event(name, /^Issued temporary certificate$/);

    await subject.client.create(
      issuerKind,
      draft('Issuer', { name: 'comes-later', namespace }, { ca: { secretName: 'root' } }),
    );
    const issued = await subject.untilReady(name);
    assert.equal(issued.keyPEM, textOf(early, 'tls.key'));
    assert.equal(issued.certificate.status?.revision, 1);
    await verifyByOpenssl(issued, subject.folder);
  });
}
