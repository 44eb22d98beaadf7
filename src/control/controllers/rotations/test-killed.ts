import assert from 'node:assert/strict';
import { parsePrivateKeyPEM, parseCertificatesPEM } from '#pki/x509';
import { builtinKinds, createRegistry } from '#model/resources';
import { openMemoryStore } from '#control/store';
import type { ResourceStore, Write } from '#control/store';
import { FakeClock } from '#control/runtime';
import { condition } from '../test-plane.ts';
import { get } from '../test-tls-objects.ts';
import { certificateIn, isOver, rotate, rotation, startEstate } from './test-estate.ts';
import type { Estate } from './test-estate.ts';

class Killed extends Error {}

/** Writes that the loops may make before the process dies. */
interface Life {
  left: number;
  writes: number;
}

const isLoop = (username: string): boolean => username.startsWith('system:serviceaccount:');

/** A store as loops see it that are killed in the middle; what others write goes on. Not atomic, as on a cluster. */
function mortalStore(store: ResourceStore, life: Life, atomic: boolean): ResourceStore {
  const live = async <T>(username: string, write: () => Promise<T>): Promise<T> => {
    if (!isLoop(username)) return write();
    if (life.left <= 0) throw new Killed('killed');
    life.left -= 1;
    life.writes += 1;
    return write();
  };
  const one = (write: Write) => live(write.options.user.username, async () => (await store.sequence([write]))[0]);
  return {
    atomic,
    get: (ref) => store.get(ref),
    list: (ref, options) => store.list(ref, options),
    scan: (kind, index, range) => store.scan(kind, index, range),
    watch: (ref, options) => store.watch(ref, options),
    currentRevision: () => store.currentRevision(),
    create: (ref, object, options) => live(options.user.username, () => store.create(ref, object, options)),
    update: (ref, object, options) => live(options.user.username, () => store.update(ref, object, options)),
    patch: (ref, patch, options) => live(options.user.username, () => store.patch(ref, patch, options)),
    delete: (ref, options) => live(options.user.username, () => store.delete(ref, options)),
    async sequence(writes) {
      if (atomic) return live(writes[0]?.options.user.username ?? '', () => store.sequence(writes));
      const answers = [];
      for (const write of writes) answers.push(await one(write));
      return answers;
    },
    close: async () => undefined,
  };
}

/** Whatever stands in the Secret of the CA is whole. */
async function checkSigner({ plane }: Estate): Promise<void> {
  const { data = {} } = (await plane.secret('ca'))!;
  const text = (key: string): string => Buffer.from(data[key] ?? '', 'base64').toString();
  const [ca] = parseCertificatesPEM(text('tls.crt'));
  assert(parsePrivateKeyPEM(text('tls.key')).matches(ca!.spki), 'the CA is half written');
}

/** Kills the loops after so many writes, starts them again, and lets the rotation end. Answers the writes of all. */
export async function rotateKilled(kill: number, atomic: boolean): Promise<number> {
  const registry = createRegistry(builtinKinds);
  const clock = new FakeClock();
  const whole = openMemoryStore({ registry, now: () => clock.now() });
  const life: Life = { left: Infinity, writes: 0 };
  const estate = await startEstate({ store: mortalStore(whole, life, atomic), clock });
  const { plane, fleet } = estate;
  const before = await certificateIn(plane, 'ca');
  await rotate(plane);
  life.writes = 0;
  life.left = kill;
  await fleet.run(async () => life.left <= 0 || (await isOver(plane)));
  await plane.controllers.stop();
  const used = life.writes;
  await checkSigner(estate);
  life.left = Infinity;
  await plane.restart();
  await fleet.run(() => isOver(plane), 90);
  const { status } = await rotation(plane);
  assert.equal(status?.result, 'succeeded', `killed after ${kill} writes: ${JSON.stringify(status)}`);
  await checkEnd(estate, before.keyId, kill);
  await plane.controllers.stop();
  await whole.close();
  return used;
}

async function checkEnd({ plane }: Estate, oldKeyId: string, kill: number): Promise<void> {
  const after = await certificateIn(plane, 'ca');
  assert.notEqual(after.keyId, oldKeyId);
  for (const leaf of ['web', 'api-1', 'api-2']) {
    assert.equal((await certificateIn(plane, leaf)).issuerKeyId, after.keyId, `killed after ${kill} writes`);
  }
  const { anchors = [] } = (await get(plane, 'TrustBundle', 'internal')).status!;
  const trusted = anchors.filter(({ state }) => state !== 'withdrawn').map(({ fingerprint }) => fingerprint);
  assert.deepEqual(trusted, [after.fingerprint], `killed after ${kill} writes`);
  assert.equal(await plane.secret('ca-previous'), undefined);
  assert.equal(await plane.secret('ca-next'), undefined);
  const ca = await plane.certificate('ca');
  assert.equal(condition(ca, 'Ready'), 'True Ready', `killed after ${kill} writes`);
}
