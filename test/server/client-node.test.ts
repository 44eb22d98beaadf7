import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  ApiException,
  AppsV1Api,
  CoreV1Api,
  CustomObjectsApi,
  KubeConfig,
  KubernetesObjectApi,
  PatchStrategy,
  VersionApi,
  Watch,
  makeInformer,
} from '@kubernetes/client-node';
import type { KubernetesObject, V1ConfigMap } from '@kubernetes/client-node';
import { certificate } from './raw-request.ts';
import { startTestServer } from './server-fixture.ts';
import type { TestServer } from './server-fixture.ts';

let server: TestServer;
let config: KubeConfig;
before(async () => {
  server = await startTestServer();
  config = new KubeConfig();
  config.loadFromFile(server.kubeconfig());
});
after(() => server[Symbol.asyncDispose]());

const namespace = 'default';
const place = { group: 'cert-manager.io', version: 'v1', namespace, plural: 'certificates' };

interface WireCertificate extends KubernetesObject {
  spec: { secretName: string };
  status?: { revision?: number };
}

const failsWith = (code: number) => (error: unknown) => error instanceof ApiException && error.code === code;

test('client-node reads the version and says that other groups are not there', async () => {
  assert.equal((await config.makeApiClient(VersionApi).getCode()).minor, '36');
  await assert.rejects(config.makeApiClient(AppsV1Api).listNamespacedDeployment({ namespace }), failsWith(404));
});

test('client-node creates, reads, replaces, patches and deletes core objects', async () => {
  const core = config.makeApiClient(CoreV1Api);
  await core.createNamespacedSecret({ namespace, body: { metadata: { name: 's' }, stringData: { user: 'ann' } } });
  const secret = await core.readNamespacedSecret({ namespace, name: 's' });
  assert.equal(secret.data?.['user'], 'YW5u');
  const body = { metadata: secret.metadata!, type: secret.type!, data: { user: 'Ym9i' } };
  const replaced = await core.replaceNamespacedSecret({
    namespace,
    name: 's',
    body,
  });
  assert.equal(replaced.data?.['user'], 'Ym9i');
  await assert.rejects(core.replaceNamespacedSecret({ namespace, name: 's', body: secret }), failsWith(409));
  await assert.rejects(core.createNamespacedSecret({ namespace, body: { metadata: { name: 's' } } }), failsWith(409));
  const status = await core.deleteNamespacedSecret({ namespace, name: 's' });
  assert.equal(status.status, 'Success');
  await assert.rejects(core.readNamespacedSecret({ namespace, name: 's' }), failsWith(404));
  assert.ok((await core.listNamespace()).items.some(({ metadata }) => metadata?.name === 'default'));
});

test('client-node pages through a collection and deletes it', async () => {
  const core = config.makeApiClient(CoreV1Api);
  for (const name of ['a', 'b', 'c']) {
    await core.createNamespacedConfigMap({ namespace, body: { metadata: { name, labels: { batch: 'one' } } } });
  }
  const first = await core.listNamespacedConfigMap({ namespace, limit: 2 });
  const rest = await core.listNamespacedConfigMap({ namespace, limit: 2, _continue: first.metadata!._continue! });
  const names = [...first.items, ...rest.items].map(({ metadata }) => metadata?.name);
  assert.deepEqual(names, ['a', 'b', 'c']);
  await core.deleteCollectionNamespacedConfigMap({ namespace, labelSelector: 'batch=one' });
  assert.deepEqual((await core.listNamespacedConfigMap({ namespace })).items, []);
});

test('client-node handles custom objects, with their status apart', async () => {
  const custom = config.makeApiClient(CustomObjectsApi);
  await custom.createNamespacedCustomObject({ ...place, body: certificate('web') });
  const live = (await custom.getNamespacedCustomObject({ ...place, name: 'web' })) as WireCertificate;
  assert.equal(live.spec.secretName, 'web-tls');
  const body = { ...live, spec: { secretName: 'ignored' }, status: { revision: 3 } };
  await custom.replaceNamespacedCustomObjectStatus({ ...place, name: 'web', body });
  const after = (await custom.getNamespacedCustomObject({ ...place, name: 'web' })) as WireCertificate;
  assert.deepEqual([after.spec.secretName, after.status?.revision], ['web-tls', 3]);
  const invalid = { ...certificate('poor'), spec: {} };
  await assert.rejects(custom.createNamespacedCustomObject({ ...place, body: invalid }), failsWith(422));
  await custom.deleteNamespacedCustomObject({ ...place, name: 'web' });
});

test('client-node applies on the server, merges, and meets conflicts', async () => {
  const objects = KubernetesObjectApi.makeApiClient(config);
  const web = { ...certificate('applied'), metadata: { name: 'applied', namespace } } as WireCertificate;
  const apply = (manager: string, secretName: string, force = false): Promise<WireCertificate> =>
    objects.patch(
      { ...web, spec: { ...web.spec, secretName } },
      ...([undefined, undefined, manager, force, PatchStrategy.ServerSideApply] as const),
    );
  assert.equal((await apply('one', 'a')).spec.secretName, 'a');
  await assert.rejects(apply('two', 'b'), failsWith(409));
  assert.equal((await apply('two', 'b', true)).spec.secretName, 'b');
  const labels = { metadata: { name: 'applied', namespace, labels: { a: 'b' } } };
  const merged = await objects.patch(
    { apiVersion: web.apiVersion!, kind: web.kind!, ...labels },
    ...([undefined, undefined, undefined, undefined, PatchStrategy.MergePatch] as const),
  );
  assert.deepEqual(merged.metadata?.labels, { a: 'b' });
  const read = await objects.read({
    apiVersion: web.apiVersion!,
    kind: web.kind!,
    metadata: { name: 'applied', namespace },
  });
  assert.equal(read.metadata?.name, 'applied');
  await objects.delete(web);
});

test('client-node watches from the beginning', async () => {
  const core = config.makeApiClient(CoreV1Api);
  await core.createNamespacedConfigMap({ namespace, body: { metadata: { name: 'seen' } } });
  const events: string[] = [];
  await new Promise<void>((resolve, reject) => {
    const onEvent = (type: string, object: V1ConfigMap): void => {
      events.push(`${type} ${object.metadata?.name}`);
      if (type === 'ADDED') core.deleteNamespacedConfigMap({ namespace, name: 'seen' }).catch(reject);
      else resolve();
    };
    const path = `/api/v1/namespaces/${namespace}/configmaps`;
    new Watch(config).watch(path, {}, onEvent, () => undefined).catch(reject);
  });
  assert.deepEqual(events, ['ADDED seen', 'DELETED seen']);
});

test('an informer of client-node follows what is added, changed and deleted', async () => {
  const core = config.makeApiClient(CoreV1Api);
  await core.createNamespacedConfigMap({ namespace, body: { metadata: { name: 'first' } } });
  const path = `/api/v1/namespaces/${namespace}/configmaps`;
  const informer = makeInformer(config, path, () => core.listNamespacedConfigMap({ namespace }));
  const next = (event: 'add' | 'update' | 'delete'): Promise<V1ConfigMap> =>
    new Promise((resolve) => {
      const listener = (object: V1ConfigMap): void => {
        informer.off(event, listener);
        resolve(object);
      };
      informer.on(event, listener);
    });
  const first = next('add');
  await informer.start();
  assert.equal((await first).metadata?.name, 'first');
  const second = next('add');
  await core.createNamespacedConfigMap({ namespace, body: { metadata: { name: 'second' } } });
  assert.equal((await second).metadata?.name, 'second');
  const changed = next('update');
  await core.replaceNamespacedConfigMap({
    namespace,
    name: 'second',
    body: { metadata: { name: 'second' }, data: { k: 'v' } },
  });
  assert.deepEqual((await changed).data, { k: 'v' });
  const deleted = next('delete');
  await core.deleteNamespacedConfigMap({ namespace, name: 'first' });
  assert.equal((await deleted).metadata?.name, 'first');
  assert.deepEqual(
    informer.list().map(({ metadata }) => metadata?.name),
    ['second'],
  );
  await informer.stop();
});
