import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCertificatesPEM, parsePrivateKeyPEM } from '#pki/x509';
import { builtinKinds, certificateKind, certificateRequestKind, createRegistry, secretKind } from '#model/resources';
import type { CertificateRequest } from '#model/resources';
import { openMemoryStore } from '#control/store';
import type { ResourceStore, Write } from '#control/store';
import { FakeClock, InlineCrypto } from '#control/runtime';
import { asUser, condition, namespace, startPlaneWithCA } from '../test-plane.ts';
import type { TestPlane } from '../test-plane.ts';

class Killed extends Error {}

/** Writes that may be made before the process dies: from then on nothing is written any more. */
interface Life {
  left: number;
  writes: number;
}

/**
 * A store as a process sees that is killed in the middle: every write counts, also those of one sequence, which is not
 * atomic here, as on a cluster's store.
 */
function mortalStore(store: ResourceStore, life: Life): ResourceStore {
  const live = async <T>(write: () => Promise<T>): Promise<T> => {
    if (life.left <= 0) throw new Killed('killed');
    life.left -= 1;
    life.writes += 1;
    return write();
  };
  return {
    atomic: false,
    get: (ref) => store.get(ref),
    list: (ref, options) => store.list(ref, options),
    scan: (kind, index, range) => store.scan(kind, index, range),
    watch: (ref, options) => store.watch(ref, options),
    currentRevision: () => store.currentRevision(),
    create: (ref, object, options) => live(() => store.create(ref, object, options)),
    update: (ref, object, options) => live(() => store.update(ref, object, options)),
    patch: (ref, patch, options) => live(() => store.patch(ref, patch, options)),
    delete: (ref, options) => live(() => store.delete(ref, options)),
    async sequence(writes: readonly Write[]) {
      const answers = [];
      for (const write of writes) answers.push((await live(() => store.sequence([write])))[0]);
      return answers;
    },
    close: async () => undefined,
  };
}

const text = (base64: string | undefined): string => Buffer.from(base64 ?? '', 'base64').toString();

/** Whatever stands in the Secret is whole: the key is that of the certificate. */
async function checkSecret(plane: TestPlane, name: string): Promise<void> {
  const data = (await plane.secret(name))?.data;
  if (data === undefined) return;
  const [leaf] = parseCertificatesPEM(text(data['tls.crt']));
  assert(parsePrivateKeyPEM(text(data['tls.key'])).matches(leaf!.spki), 'a Secret is half written');
}

/** For each revision the serial numbers that were ever stored in a request. */
function watchIssued(plane: TestPlane, issued: Map<string, Set<string>>): () => void {
  const abort = new AbortController();
  const follow = async (): Promise<void> => {
    for await (const event of plane.store.watch({ kind: certificateRequestKind }, { signal: abort.signal })) {
      if (event.type !== 'BOOKMARK') note(event.object, issued);
    }
  };
  void follow().catch(() => undefined);
  return () => abort.abort();
}

function note({ metadata, status }: CertificateRequest, issued: Map<string, Set<string>>): void {
  if (status?.certificate === undefined) return;
  const [leaf] = parseCertificatesPEM(text(status.certificate));
  const serials = issued.get(metadata.name) ?? new Set();
  issued.set(metadata.name, serials.add(leaf!.serialNumber));
}

async function liveOnce(kill: number): Promise<number> {
  const registry = createRegistry(builtinKinds);
  const clock = new FakeClock();
  const whole = openMemoryStore({ registry, now: () => clock.now() });
  const life: Life = { left: Infinity, writes: 0 };
  const plane = await startPlaneWithCA({ store: mortalStore(whole, life), crypto: new InlineCrypto(), clock });
  const issued = new Map<string, Set<string>>();
  const unwatch = watchIssued(plane, issued);
  life.writes = 0;
  await whole.create(
    { kind: certificateKind, namespace },
    {
      apiVersion: 'cert-manager.io/v1',
      kind: 'Certificate',
      metadata: { name: 'web' },
      spec: {
        secretName: 'web',
        dnsNames: ['web.example'],
        privateKey: { algorithm: 'ECDSA' },
        issuerRef: { name: 'ca' },
      },
    },
    asUser,
  );
  life.left = kill;
  await plane.controllers.idle();
  await plane.controllers.stop();
  const used = life.writes;
  await checkSecret(plane, 'web');
  life.left = Infinity;
  await plane.restart();
  await plane.controllers.idle();
  clock.advance(60_000);
  await plane.controllers.idle();
  await checkEnd(plane, issued);
  unwatch();
  await plane.controllers.stop();
  await whole.close();
  return used;
}

async function checkEnd(plane: TestPlane, issued: ReadonlyMap<string, ReadonlySet<string>>): Promise<void> {
  const certificate = await plane.certificate('web');
  assert.equal(condition(certificate, 'Ready'), 'True Ready');
  assert.equal(certificate.status?.revision, 1);
  assert.equal(certificate.status?.nextPrivateKeySecretName, undefined);
  await checkSecret(plane, 'web');
  const [leaf] = parseCertificatesPEM(text((await plane.secret('web'))?.data?.['tls.crt']));
  assert.deepEqual([...(issued.get('web-1') ?? [])], [leaf!.serialNumber], 'one revision has one certificate');
  const secrets = await plane.all(secretKind);
  assert.deepEqual(
    secrets.map(({ metadata }) => metadata.name),
    ['ca', 'web'],
    'no key is left behind',
  );
}

test('loops killed at any write of an issuance finish it after a restart, once', async () => {
  const all = await liveOnce(Infinity);
  assert(all >= 8, `an issuance that is written step by step takes more than ${all} writes`);
  for (let kill = 0; kill <= all; kill += 1) await liveOnce(kill);
});

test('with an atomic store the same kill leaves all of an issuance or nothing', async () => {
  const registry = createRegistry(builtinKinds);
  const clock = new FakeClock();
  const whole = openMemoryStore({ registry, now: () => clock.now() });
  let dead = false;
  const store = new Proxy(whole, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property);
      if (typeof value !== 'function') return value;
      const bound = value.bind(target) as (...given: unknown[]) => unknown;
      if (property !== 'sequence') return bound;
      return (...given: unknown[]) => (dead ? Promise.reject(new Killed('killed')) : bound(...given));
    },
  });
  const plane = await startPlaneWithCA({ store, clock });
  dead = true;
  await plane.declare('web');
  await plane.controllers.idle();
  assert.equal((await plane.certificate('web')).status, undefined);
  assert.equal(await plane.secret('web'), undefined);
  dead = false;
  await plane.pass(60_000);
  assert.equal(condition(await plane.certificate('web'), 'Ready'), 'True Ready');
  await plane.stop();
});
