import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import type { ControllersOptions } from '../options.ts';
import { parseCertificatesPEM } from '#pki/x509';
import { certificateKind, rotationKind, secretKind } from '#model/resources';
import type { RotationSpec } from '#model/resources';
import { makeCA } from '../../../pki/x509/certificates/certificate.fixture.ts';
import { change, create, get, remove } from '../test-tls-objects.ts';
import { asUser, condition, namespace } from '../test-plane.ts';
import type { TestPlane } from '../test-plane.ts';
import { certificateIn, isOver, rotate, rotation, startEstate } from './test-estate.ts';
import type { Estate } from './test-estate.ts';

async function started(t: TestContext, options: Partial<ControllersOptions> = {}): Promise<Estate> {
  const estate = await startEstate(options);
  t.after(() => estate.plane.stop());
  return estate;
}

test('a rotation replaces the CA, re-issues what is beneath it, and ends with the old one withdrawn', async (t) => {
  const { plane, fleet } = await started(t);
  const before = await certificateIn(plane, 'ca');
  await rotate(plane);
  await fleet.run(() => isOver(plane));
  const { status } = await rotation(plane);
  assert.equal(status?.result, 'succeeded', JSON.stringify(status?.conditions));
  assert.deepEqual(
    status.history?.map(({ stage }) => stage),
    ['TrustBoth', 'Issue', 'Drain', 'Distrust', 'Flush', 'Stable'],
  );
  const after = await certificateIn(plane, 'ca');
  assert.notEqual(after.keyId, before.keyId);
  for (const leaf of ['web', 'api-1', 'api-2']) {
    assert.equal((await certificateIn(plane, leaf)).issuerKeyId, after.keyId);
  }
  const { anchors } = (await get(plane, 'TrustBundle', 'internal')).status!;
  const trusted = anchors?.filter(({ state }) => state !== 'withdrawn').map(({ fingerprint }) => fingerprint);
  assert.deepEqual(trusted, [after.fingerprint]);
  assert.equal(await plane.secret('ca-previous'), undefined);
  assert.equal(await plane.secret('ca-next'), undefined);
  assert.deepEqual(status.leaves, { total: 3, issued: 3, proven: 3, undeclared: 0 });
  assert.equal(condition(await plane.certificate('ca'), 'Ready'), 'True Ready');
});

async function stageOf({ plane }: Estate, name = 'turn'): Promise<string | undefined> {
  return (await rotation(plane, name)).status?.stage;
}

test('a lagging instance holds the rotation up, named with the mend, until it has caught up', async (t) => {
  const estate = await started(t);
  const { plane, fleet } = estate;
  fleet.stuck.set('api/two', 'loaded');
  await rotate(plane);
  await fleet.run(() => isOver(plane), 12);
  const { status } = await rotation(plane);
  assert.equal(status?.stage, 'TrustBoth');
  const [first] = status.blocking ?? [];
  assert.deepEqual([first?.workload, first?.instance, first?.material], ['apic/api', 'two', 'clients']);
  assert.match(first?.hint ?? '', /agent/);
  assert.match(condition(await rotation(plane), 'Blocked') ?? '', /^True Waiting/);
  assert.equal(status.gates?.find(({ name }) => name === 'both-persisted')?.open, false);
  fleet.stuck.clear();
  await fleet.run(() => isOver(plane));
  assert.equal((await rotation(plane)).status?.result, 'succeeded');
});

test('a paused rotation stays where it is, and goes on when it is let go', async (t) => {
  const estate = await started(t);
  const { plane, fleet } = estate;
  await rotate(plane);
  await fleet.run(async () => (await stageOf(estate)) === 'Issue');
  await change(plane, 'Rotation', 'turn', { paused: true });
  await fleet.run(() => isOver(plane), 8);
  assert.equal(await stageOf(estate), 'Issue');
  assert.equal(condition(await rotation(plane), 'Paused'), 'True Asked');
  await change(plane, 'Rotation', 'turn', { paused: false });
  await fleet.run(() => isOver(plane));
  assert.equal((await rotation(plane)).status?.result, 'succeeded');
});

for (const stage of ['TrustBoth', 'Issue', 'Drain'] as const) {
  test(`rolled back from ${stage}, the old CA signs and is trusted alone, as before`, async (t) => {
    const estate = await started(t);
    const { plane, fleet } = estate;
    const before = await certificateIn(plane, 'ca');
    const certificate = await plane.certificate('ca');
    await rotate(plane, { subject: 'new' });
    if (stage === 'Drain') fleet.stuck.set('web/web-1', 'proven');
    await fleet.run(async () => (await stageOf(estate)) === stage);
    await change(plane, 'Rotation', 'turn', { rollback: true });
    fleet.stuck.clear();
    await fleet.run(() => isOver(plane));
    const { status } = await rotation(plane);
    assert.equal(status?.result, 'rolledBack', JSON.stringify(status?.blocking));
    assert.equal((await certificateIn(plane, 'ca')).fingerprint, before.fingerprint);
    for (const leaf of ['web', 'api-1', 'api-2']) {
      assert.equal((await certificateIn(plane, leaf)).issuerKeyId, before.keyId);
    }
    const { anchors = [] } = (await get(plane, 'TrustBundle', 'internal')).status!;
    const trusted = anchors.filter(({ state }) => state !== 'withdrawn').map(({ fingerprint }) => fingerprint);
    assert.deepEqual(trusted, [before.fingerprint]);
    assert.equal(await plane.secret('ca-next'), undefined);
    assert.equal(await plane.secret('ca-previous'), undefined);
    const after = await plane.certificate('ca');
    assert.equal(condition(after, 'Ready'), 'True Ready');
    assert.equal(after.spec.commonName, certificate.spec.commonName);
  });
}

const choices: readonly { why: string; spec: Partial<RotationSpec>; key: boolean; subject: string }[] = [
  { why: 'a new key under the same name', spec: {}, key: true, subject: 'CN=test ca' },
  { why: 'a new key under a new name', spec: { subject: 'new' }, key: true, subject: 'CN=test ca G2' },
  { why: 'the same key under the same name', spec: { key: 'same' }, key: false, subject: 'CN=test ca' },
  { why: 'the same key under a new name', spec: { key: 'same', subject: 'new' }, key: false, subject: 'CN=test ca G2' },
  { why: 'both CAs signing each other', spec: { crossSign: true }, key: true, subject: 'CN=test ca' },
];

for (const { why, spec, key, subject } of choices) {
  test(`the next CA can have ${why}`, async (t) => {
    const { plane, fleet } = await started(t);
    const before = await certificateIn(plane, 'ca');
    await rotate(plane, spec);
    await fleet.run(() => isOver(plane));
    const { status } = await rotation(plane);
    assert.equal(status?.result, 'succeeded', JSON.stringify(status));
    const after = await certificateIn(plane, 'ca');
    assert.notEqual(after.fingerprint, before.fingerprint);
    assert.equal(after.keyId !== before.keyId, key);
    assert.equal(after.subject, subject);
    assert.equal(condition(await plane.certificate('ca'), 'Ready'), 'True Ready');
    await plane.pass(3600_000);
    assert.equal((await certificateIn(plane, 'ca')).fingerprint, after.fingerprint, 'it is not issued once more');
    assert.equal((await plane.secret('ca'))?.data?.['cross.crt'], undefined);
  });
}

test('with cross-signing, leaves carry the certificate by which the old trust accepts them', async (t) => {
  const estate = await started(t);
  const { plane, fleet } = estate;
  const before = await certificateIn(plane, 'ca');
  await rotate(plane, { crossSign: true });
  fleet.stuck.set('web/web-1', 'loaded');
  await fleet.run(
    async () => (await stageOf(estate)) === 'Issue' && (await certificateIn(plane, 'web')).issuerKeyId !== before.keyId,
    30,
  );
  const chain = parseCertificatesPEM(Buffer.from((await plane.secret('web'))?.data?.['tls.crt'] ?? '', 'base64'));
  assert.equal(chain.length, 2);
  assert.equal(Buffer.from(chain[1]!.authorityKeyId!).toString('hex'), before.keyId);
  assert.deepEqual(chain[0]!.authorityKeyId, chain[1]!.subjectKeyId);
});

test('an external consumer that nobody attested is waited for before the next CA signs, and is named', async (t) => {
  const estate = await started(t);
  const { plane, fleet } = estate;
  await create(plane, 'Workload', 'partner', {
    external: true,
    trusts: [{ name: 'roots', trustBundleRef: { name: 'internal' } }],
    connectsTo: [{ workload: 'api', trusts: 'roots' }],
  });
  await change(plane, 'Workload', 'api', {
    listens: [{ name: 'https', presents: 'first', clientTrust: 'clients', mutualAuthentication: 'request' }],
  });
  await rotate(plane);
  await fleet.run(() => isOver(plane), 6);
  const before = await rotation(plane);
  assert.equal(before.status?.stage, 'TrustBoth');
  assert.equal(before.status.gates?.find(({ name }) => name === 'externals-trust-both')?.open, false);
  assert.match(JSON.stringify(before.status.blocking), /apic\/partner/);
  const until = new Date(plane.clock.now().getTime() + 86_400_000).toISOString();
  await change(plane, 'Rotation', 'turn', { attestations: [{ consumer: 'apic/partner', by: 'Ann', until }] });
  await fleet.run(() => isOver(plane));
  assert.equal((await rotation(plane)).status?.result, 'succeeded', JSON.stringify((await rotation(plane)).status));
});

test('what is known to break keeps it from beginning, and is named with the mend', async (t) => {
  const { plane, fleet } = await started(t);
  const { data = {} } = (await plane.secret('ca'))!;
  const certificates = Buffer.from(data['tls.crt'] ?? '', 'base64').toString();
  await create(plane, 'Truststore', 'fixed', { sources: [{ certificates }] });
  await create(plane, 'TLSClientProfile', 'caller', { truststoreRef: { name: 'fixed' } });
  await plane.pass(1000);
  await rotate(plane);
  await fleet.run(() => isOver(plane), 4);
  const { status } = await rotation(plane);
  assert.equal(status?.stage, undefined);
  assert.equal(condition(await rotation(plane), 'Ready'), 'False Refused');
  assert.match(status?.blocking?.[0]?.hint ?? '', /TrustBundle/);
  await change(plane, 'Truststore', 'fixed', { sources: [{ certificateRef: { name: 'ca' } }] });
  await fleet.run(() => isOver(plane));
  assert.equal((await rotation(plane)).status?.result, 'succeeded');
});

test('a rotation under way is not deleted unless somebody says why', async (t) => {
  const { plane, fleet } = await started(t);
  await rotate(plane);
  await fleet.run(async () => (await rotation(plane)).status?.stage === 'Issue');
  const asked = { user: asUser.user, options: asUser };
  const refusal = await plane.controllers.guardDeletion(rotationKind, await rotation(plane), asked);
  assert.match(refusal?.message ?? '', /stage Issue/);
  await fleet.run(() => isOver(plane));
  assert.equal(await plane.controllers.guardDeletion(rotationKind, await rotation(plane), asked), undefined);
});

test('an instance that only a restart helps is asked for one, each after the other', async (t) => {
  const estate = await started(t);
  const { plane, fleet } = estate;
  await change(plane, 'Workload', 'api', { reload: { type: 'restart' } });
  for (const name of ['one', 'two']) fleet.stuck.set(`api/${name}`, 'persisted');
  await rotate(plane);
  await fleet.run(async () => (await asked(plane)).length > 0, 12);
  assert.deepEqual(await asked(plane), ['one']);
  fleet.stuck.delete('api/one');
  await fleet.run(async () => (await asked(plane)).length > 1, 12);
  assert.deepEqual(await asked(plane), ['one', 'two']);
});

async function asked(plane: TestPlane): Promise<string[]> {
  const { status } = await get(plane, 'Workload', 'api');
  return (status?.asked ?? []).filter((one) => one.restart !== undefined).map(({ name }) => name);
}

test('metrics and events tell of the stages', async (t) => {
  const { plane, fleet } = await started(t);
  await rotate(plane);
  await fleet.run(async () => (await rotation(plane)).status?.stage === 'Issue');
  assert.match(
    await plane.metrics.metrics(),
    /chancery_rotation_stage\{namespace="apic",name="turn",stage="Issue"\} 1/,
  );
  await fleet.run(() => isOver(plane));
  assert.doesNotMatch(await plane.metrics.metrics(), /chancery_rotation_stage\{/);
  const events = await plane.events();
  for (const stage of ['TrustBoth', 'Issue', 'Drain', 'Distrust', 'Flush', 'Succeeded']) {
    assert(events.includes(`Rotation/turn ${stage}`), stage);
  }
});

test('of two rotations of one CA the later one waits, and says for whom', async (t) => {
  const { plane, fleet } = await started(t);
  await rotate(plane);
  await fleet.run(async () => (await rotation(plane)).status?.stage === 'TrustBoth');
  await rotate(plane, {}, 'second');
  await plane.pass(1000);
  const second = await rotation(plane, 'second');
  assert.equal(condition(second, 'Ready'), 'False Refused');
  assert.match(JSON.stringify(second.status?.blocking), /apic\/turn/);
  await fleet.run(() => isOver(plane));
  await fleet.run(() => isOver(plane, 'second'));
  assert.equal((await rotation(plane, 'second')).status?.result, 'succeeded');
});

/** The CA as a Secret that somebody brought along; all leaves are from it. */
async function bringAlong({ plane, fleet }: Estate): Promise<void> {
  const { data = {} } = (await plane.secret('ca'))!;
  await plane.store.create(
    { kind: secretKind, namespace },
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'brought' },
      type: 'kubernetes.io/tls',
      data: { 'tls.crt': data['tls.crt']!, 'tls.key': data['tls.key']! },
    },
    asUser,
  );
  await plane.declareIssuer('brought', { ca: { secretName: 'brought' } });
  for (const name of ['web', 'api-1', 'api-2']) {
    await plane.store.patch(
      { kind: certificateKind, namespace, name },
      { type: 'merge', body: { spec: { issuerRef: { name: 'brought' } } } },
      asUser,
    );
  }
  await fleet.run(async () => (await get(plane, 'Workload', 'api')).status?.counts?.proven === 2, 5);
}

test('a CA that was brought along is made anew in its likeness', async (t) => {
  const estate = await started(t);
  const { plane, fleet } = estate;
  await bringAlong(estate);
  const before = await certificateIn(plane, 'brought');
  await create(plane, 'Rotation', 'turn', { secretRef: { name: 'brought' } });
  await fleet.run(() => isOver(plane));
  const { status } = await rotation(plane);
  assert.equal(status?.result, 'succeeded', JSON.stringify(status));
  const after = await certificateIn(plane, 'brought');
  assert.notEqual(after.keyId, before.keyId);
  assert.equal(after.subject, before.subject);
  assert.equal((await certificateIn(plane, 'web')).issuerKeyId, after.keyId);
});

for (const stage of ['TrustBoth', 'Drain']) {
  test(`a CA that somebody else replaces in ${stage} ends its rotation, and nothing that is trusted goes`, async (t) => {
    const estate = await started(t);
    const { plane, fleet } = estate;
    await bringAlong(estate);
    fleet.stuck.set('api/two', stage === 'TrustBoth' ? 'loaded' : 'proven');
    await create(plane, 'Rotation', 'turn', {
      secretRef: { name: 'brought' },
      ...(stage === 'Drain' && { key: 'same' }),
    });
    await fleet.run(async () => (await stageOf(estate)) === stage);
    const both = await rotation(plane);
    const third = makeCA('third', undefined, { notAfter: new Date('2099-01-01T00:00:00Z') });
    const encode = (text: string): string => Buffer.from(text).toString('base64');
    const data = { 'tls.crt': encode(third.certificate.toPEM()), 'tls.key': encode(third.key.toPEM('PKCS8')) };
    const ref = { kind: secretKind, namespace, name: 'brought' };
    await plane.store.patch(ref, { type: 'merge', body: { data } }, asUser);
    await fleet.run(() => isOver(plane), 5);
    const { status, ...failed } = await rotation(plane);
    assert.equal(status?.result, 'failed', JSON.stringify(status));
    assert.match(condition({ status, ...failed }, 'Ready') ?? '', /^False Failed/);
    assert.match(status.message ?? '', /begin another rotation of the CA that signs now/);
    const { anchors = [] } = (await get(plane, 'TrustBundle', 'internal')).status!;
    const trusted = anchors.filter(({ state }) => state !== 'withdrawn').map(({ fingerprint }) => fingerprint);
    for (const ca of [both.status?.old, both.status?.next]) assert.ok(trusted.includes(ca!.fingerprint));
    assert.equal((await certificateIn(plane, 'brought')).fingerprint, third.certificate.fingerprint);
    assert.equal(await plane.secret('brought-next'), undefined);
  });
}

test('a truststore that is made from the CA trusts both while they change places', async (t) => {
  const estate = await started(t);
  const { plane, fleet } = estate;
  await create(plane, 'Truststore', 'roots', { sources: [{ certificateRef: { name: 'ca' } }] });
  await create(plane, 'TLSClientProfile', 'caller', { truststoreRef: { name: 'roots' } });
  await plane.pass(1000);
  const trusted = async (): Promise<number> => (await get(plane, 'Truststore', 'roots')).status?.entries?.length ?? 0;
  assert.equal(await trusted(), 1);
  await rotate(plane);
  await fleet.run(async () => (await stageOf(estate)) === 'Issue');
  assert.equal(await trusted(), 2);
  await fleet.run(() => isOver(plane));
  assert.equal(await trusted(), 1);
  const [entry] = (await get(plane, 'Truststore', 'roots')).status!.entries!;
  assert.equal(entry!.fingerprint, (await certificateIn(plane, 'ca')).fingerprint);
});

test('an emergency distrusts the compromised CA first', async (t) => {
  const { plane, fleet } = await started(t);
  await rotate(plane, { emergency: true });
  await fleet.run(() => isOver(plane));
  const { status } = await rotation(plane);
  assert.equal(status?.result, 'succeeded', JSON.stringify(status));
  assert.equal(status.history?.[0]?.stage, 'Distrust');
});

test('a CA that was left by a Rotation deleted on its way is not used by the next one', async (t) => {
  const { plane, fleet } = await started(t);
  await rotate(plane);
  await fleet.run(async () => (await rotation(plane)).status?.next !== undefined, 4);
  const left = (await rotation(plane)).status!.next!.fingerprint;
  await remove(plane, 'Rotation', 'turn');
  await plane.pass(1000);
  await rotate(plane, {}, 'again');
  await fleet.run(() => isOver(plane, 'again'));
  const { status } = await rotation(plane, 'again');
  assert.equal(status?.result, 'succeeded', JSON.stringify(status));
  assert.notEqual(status.next?.fingerprint, left);
});

test('the Secret of a Certificate is rotated by its Certificate only', async (t) => {
  const { plane } = await started(t);
  await create(plane, 'Rotation', 'turn', { secretRef: { name: 'ca' } });
  await plane.pass(1000);
  assert.equal(condition(await rotation(plane), 'Ready'), 'False SecretIsIssued');
});
