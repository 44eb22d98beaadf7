import assert from 'node:assert/strict';
import { parsePrivateKeyPEM, parseCertificatesPEM } from '#pki/x509';
import { builtinKinds, createRegistry } from '#model/resources';
import { openMemoryStore } from '#control/store';
import { FakeClock } from '#control/runtime';
import { condition } from '../test-plane.ts';
import { get } from '../test-tls-objects.ts';
import { certificateIn, isOver, rotate, rotation, startEstate } from './test-estate.ts';
import type { Estate } from './test-estate.ts';
import { mortalStore } from './test-mortal-store.ts';
import type { Life } from './test-mortal-store.ts';

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
