import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isConditionTrue } from '#model/objects';
import { parseCertificatesPEM } from '#pki/x509';
import { certificateKind, certificateRequestKind, secretKind } from '#model/resources';
import { WorkerCrypto } from '#control/runtime';
import { startPlaneWithCA } from '../test-plane.ts';

const count = 300;

test('many Certificates at once: each issued once, looked at once, written in three writes', async (t) => {
  const crypto = new WorkerCrypto({ workers: 1, readyKeys: 0 });
  const plane = await startPlaneWithCA({ crypto });
  t.after(() => crypto.close());
  t.after(() => plane.stop());
  const runs = async (): Promise<number> => {
    const { values } = await plane.metrics.getSingleMetric('certmanager_controller_sync_call_count')!.get();
    return values.find(({ labels }) => labels['controller'] === 'certificates')?.value ?? 0;
  };
  const before = { revision: Number(await plane.store.currentRevision()), runs: await runs() };
  await Promise.all(Array.from({ length: count }, (_, index) => plane.declare(`leaf-${index}`)));
  await plane.controllers.idle();
  assert.equal(Number(await plane.store.currentRevision()) - before.revision, count * 4);
  assert.equal((await runs()) - before.runs, count);
  const certificates = await plane.all(certificateKind);
  assert(certificates.every(({ status }) => isConditionTrue(status?.conditions, 'Ready')));
  assert.equal((await plane.all(certificateRequestKind)).length, count + 1);
  const serials = (await plane.all(secretKind)).map(({ data }) => {
    const [leaf] = parseCertificatesPEM(Buffer.from(data?.['tls.crt'] ?? '', 'base64'));
    return leaf!.serialNumber;
  });
  assert.equal(new Set(serials).size, count + 1);
  assert.deepEqual(plane.warnings, []);
});
