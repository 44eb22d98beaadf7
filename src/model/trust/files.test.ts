import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isCoded } from '#errors';
import { readTruststoreMaterial } from '#pki/material';
import { leaf, now, otherRoot, pem, root } from '../stores/test-world.ts';
import { bundleFiles, bundleTarget, nextBundle } from './index.ts';
import type { BundleOrder } from './index.ts';
import { TrustWorld } from './test-trust-world.ts';

const random = (length: number) => new Uint8Array(length).fill(7);

function anchors(certificates: string, ...orders: BundleOrder[]) {
  const world = new TrustWorld();
  world.bundle('team/internal', { sources: [{ certificates }] });
  return world.settle('team/internal', now, orders).anchors;
}

const formats = [
  { format: 'pem', key: 'ca-bundle.crt' },
  { format: 'pkcs12', key: 'trust.p12', password: 'changeit' },
  { format: 'jks', key: 'trust.jks', password: 'changeit' },
] as const;

test('bundleFiles() writes every format, and the same bytes again', () => {
  const files = bundleFiles(anchors(pem(root, leaf)), formats, { random, now });
  assert.deepEqual(
    files.map(({ name }) => name),
    ['ca-bundle.crt', 'trust.p12', 'trust.jks'],
  );
  assert.deepEqual(bundleFiles(anchors(pem(root, leaf)), formats, { random, now }), files);
  for (const file of files) {
    const { certificates } = readTruststoreMaterial([file], { now, password: 'changeit' });
    const read = certificates.map(({ certificate }) => certificate.fingerprint).sort();
    assert.deepEqual(read, [root, leaf].map(({ certificate }) => certificate.fingerprint).sort(), file.name);
  }
});

test('bundleFiles() leaves out what is withdrawn', () => {
  const order = { rotation: 'Rotation team/r', withdraw: [root.certificate.fingerprint] };
  const [file] = bundleFiles(anchors(pem(root, otherRoot), order), [formats[0]], { random, now });
  assert.equal(Buffer.from(file!.bytes).toString(), otherRoot.certificate.toPEM());
});

test('an entry of a Java file keeps its name when others come before it', () => {
  const aliasOfRoot = (certificates: string) => {
    const [file] = bundleFiles(anchors(certificates), [formats[2]], { random, now });
    const read = readTruststoreMaterial([file!], { now, password: 'changeit' });
    return read.certificates.find(({ certificate }) => certificate.equals(root.certificate))?.alias;
  };
  const alias = aliasOfRoot(pem(root));
  assert.equal(alias, `root-${root.certificate.fingerprint.slice(0, 8)}`);
  assert.equal(aliasOfRoot(pem(otherRoot, root)), alias);
});

test('a container without password is an error that names it', () => {
  const write = () => bundleFiles(anchors(pem(root)), [{ format: 'jks', key: 'x' }], { random, now });
  assert.throws(write, (error) => isCoded(error) && error.code === 'keystore-password-missing');
});

test('bundleTarget() is the ConfigMap of the same name unless something else is said', () => {
  const world = new TrustWorld();
  const target = (more: object) => bundleTarget(world.bundle('team/b', { sources: [], target: more }));
  const pemFile = [{ format: 'pem', key: 'ca-bundle.crt' }];
  assert.deepEqual(bundleTarget(world.bundle('team/b', { sources: [] })), {
    kind: 'ConfigMap',
    namespace: 'team',
    name: 'b',
    formats: pemFile,
  });
  assert.deepEqual(target({ secretName: 's' }), { kind: 'Secret', namespace: 'team', name: 's', formats: pemFile });
  const jks = [{ format: 'jks', key: 'x', passwordRef: { name: 'p' } }];
  assert.deepEqual(target({ configMapName: 'c', formats: jks }), {
    kind: 'ConfigMap',
    namespace: 'team',
    name: 'c',
    formats: jks,
  });
});

test('the status tells how many are trusted, until when, and what only the bundle still holds', () => {
  const world = new TrustWorld();
  world.bundle('team/b', { sources: [{ certificates: pem(root) }] });
  world.settle('team/b', now);
  world.bundle('team/b', { sources: [{ certificates: pem(otherRoot) }] });
  world.settle('team/b', now);
  const { conditions, count, notAfter, targetName, observedGeneration } = world.trustBundle('team', 'b')!.status!;
  assert.deepEqual(
    [count, notAfter, targetName, observedGeneration],
    [2, '2036-01-01T00:00:00Z', 'ConfigMap team/b', 2],
  );
  assert.equal(conditions![0]!.message, '2 certificates trusted, 1 of which no source gives any more');
});

test('nextBundle() changes nothing of what it was given', () => {
  const world = new TrustWorld();
  world.bundle('team/b', { sources: [{ certificates: pem(root) }] });
  world.settle('team/b', now);
  const bundle = world.trustBundle('team', 'b')!;
  const before = structuredClone(bundle);
  nextBundle({ bundle, sources: [], now, orders: [{ rotation: 'r', withdraw: [root.certificate.fingerprint] }] });
  assert.deepEqual(bundle, before);
});
