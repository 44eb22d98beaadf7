import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import type { KubeObject } from '#model/objects';
import { secretKind } from '#model/resources';
import type { Kind } from '#model/resources';
import { create, get } from '../test-tls-objects.ts';
import { asUser, namespace, startPlaneWithCA } from '../test-plane.ts';
import type { TestPlane } from '../test-plane.ts';
import type { Refusal } from './deletion-guard.ts';

const forced = { annotations: { 'chancery.dev/force-delete': 'moved to another platform' } };

/** A Certificate, its Keystore, a profile with it, and an API that calls its backend by that profile. */
async function chained(t: TestContext, metadata: object = {}): Promise<TestPlane> {
  const plane = await startPlaneWithCA();
  t.after(() => plane.stop());
  await plane.declare('client');
  await create(plane, 'Keystore', 'client', { certificateRef: { name: 'client' } }, metadata);
  await create(plane, 'TLSClientProfile', 'pay', { keystoreRef: { name: 'client' } });
  const production = { url: 'https://backend.example:8443/', tlsClientProfileRef: { name: 'pay' } };
  await create(plane, 'API', 'pay', { version: '1', basePath: '/pay', endpoints: { production } });
  await plane.controllers.idle();
  return plane;
}

function ask(plane: TestPlane, object: KubeObject, dryRun = false): Promise<Refusal | undefined> {
  return plane.controllers.guardDeletion({} as Kind, object, { user: asUser.user, options: { ...asUser, dryRun } });
}

const usersIn = (refusal: Refusal | undefined): string[] => (refusal?.causes ?? []).map(({ message }) => message);

test('what is in use is refused, with everybody who rests on it and how', async (t) => {
  const plane = await chained(t);
  const profile = `TLSClientProfile ${namespace}/pay`;
  const keystore = `Keystore ${namespace}/client`;
  const cases: [why: string, object: KubeObject, users: string[]][] = [
    ['nobody uses the API', await get(plane, 'API', 'pay'), []],
    ['the API names the profile', await get(plane, 'TLSClientProfile', 'pay'), [`API ${namespace}/pay`]],
    [
      'the profile names the keystore',
      await get(plane, 'Keystore', 'client'),
      [profile, `API ${namespace}/pay via ${profile}`],
    ],
    [
      'the keystore is made from the certificate',
      await plane.certificate('client'),
      [keystore, `${profile} via ${keystore}`, `API ${namespace}/pay via ${profile} via ${keystore}`],
    ],
    ['the CA is in no store', await plane.certificate('ca'), []],
    ['the Secret comes back, because its Certificate is there', (await plane.secret('client'))!, []],
  ];
  for (const [why, object, users] of cases) assert.deepEqual(usersIn(await ask(plane, object)), users, why);
});

test('a Secret that a store names is in use', async (t) => {
  const plane = await startPlaneWithCA();
  t.after(() => plane.stop());
  await create(plane, 'Truststore', 'trust', { sources: [{ secretRef: { name: 'ca', key: 'ca.crt' } }] });
  const secret = await plane.store.get({ kind: secretKind, namespace, name: 'ca' });
  assert.deepEqual(usersIn(await ask(plane, secret!)), [`Truststore ${namespace}/trust`]);
});

test('an endpoint certificate is used by the APIs with a backend there', async (t) => {
  const plane = await chained(t);
  const { data = {} } = (await plane.secret('client'))!;
  const certificate = Buffer.from(data['tls.crt']!, 'base64').toString();
  await create(plane, 'EndpointCertificate', 'there', { alias: 'a', endpoint: 'backend.example', certificate });
  await create(plane, 'EndpointCertificate', 'elsewhere', {
    alias: 'b',
    endpoint: 'backend.example:9443',
    certificate,
  });
  assert.deepEqual(usersIn(await ask(plane, await get(plane, 'EndpointCertificate', 'there'))), [
    `API ${namespace}/pay`,
  ]);
  assert.equal(await ask(plane, await get(plane, 'EndpointCertificate', 'elsewhere')), undefined);
});

test('an annotation with a reason lets it go, and an Event keeps who and why; a dry run leaves none', async (t) => {
  const plane = await chained(t, forced);
  const keystore = await get(plane, 'Keystore', 'client');
  assert.equal(await ask(plane, keystore, true), undefined);
  assert.deepEqual(
    (await plane.events()).filter((text) => text.includes('ForceDeleted')),
    [],
  );
  assert.equal(await ask(plane, keystore), undefined);
  assert.deepEqual(
    (await plane.events()).filter((text) => text.includes('ForceDeleted')),
    ['Keystore/client ForceDeleted'],
  );
});

test('an annotation without a reason does not', async (t) => {
  const plane = await chained(t, { annotations: { 'chancery.dev/force-delete': ' ' } });
  assert.notEqual(await ask(plane, await get(plane, 'Keystore', 'client')), undefined);
});

test('the defaults of an installation hold nothing back that nobody else uses', async (t) => {
  const plane = await startPlaneWithCA({ installDefaults: true });
  t.after(() => plane.stop());
  await plane.declare('portal-admin-client');
  await plane.controllers.idle();
  const followed = await plane.certificate('portal-admin-client');
  assert.equal(await ask(plane, followed), undefined);
  const profile = { name: 'portal-director-tls-client-profile', namespace: 'chancery-system' };
  const production = { url: 'https://portal.example/', tlsClientProfileRef: profile };
  await create(plane, 'API', 'portal', { version: '1', basePath: '/portal', endpoints: { production } });
  assert.equal((await ask(plane, followed))?.causes.length, 3);
});

test('a refusal names twenty and counts the rest', async (t) => {
  const plane = await startPlaneWithCA();
  t.after(() => plane.stop());
  await create(plane, 'TLSClientProfile', 'pay', {});
  const production = { url: 'https://backend.example:8443/', tlsClientProfileRef: { name: 'pay' } };
  for (let index = 0; index < 25; index += 1) {
    await create(plane, 'API', `pay-${index}`, { version: '1', basePath: `/pay-${index}`, endpoints: { production } });
  }
  const refusal = await ask(plane, await get(plane, 'TLSClientProfile', 'pay'));
  assert.equal(refusal?.causes.length, 20);
  assert.match(refusal?.message ?? '', / and 5 more$/);
});

test('a profile for a host is used by the APIs there that name none, unless another is closer', async (t) => {
  const plane = await startPlaneWithCA();
  t.after(() => plane.stop());
  await create(plane, 'TLSClientProfile', 'of-host', { servers: ['backend.example'] });
  await create(plane, 'TLSClientProfile', 'of-all', { servers: ['*'] });
  const production = { url: 'https://backend.example:8443/' };
  await create(plane, 'API', 'plain', { version: '1', basePath: '/plain', endpoints: { production } });
  await plane.controllers.idle();
  const users = async (name: string) => usersIn(await ask(plane, await get(plane, 'TLSClientProfile', name)));
  assert.deepEqual(await users('of-host'), [`API ${namespace}/plain`]);
  assert.deepEqual(await users('of-all'), []);
  await create(plane, 'TLSClientProfile', 'of-port', { servers: ['backend.example:8443'] });
  assert.deepEqual(await users('of-host'), []);
  assert.deepEqual(await users('of-port'), [`API ${namespace}/plain`]);
});
