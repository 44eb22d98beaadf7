import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rotationKind, certificateKind } from '#model/resources';
import type { Certificate as X509 } from '#pki/x509';
import {
  ecdsa,
  imported,
  importedSecret,
  intermediate,
  namespace,
  object,
  root,
  rsa,
  type Authority,
} from './authorities.ts';
import { realDrivers, type RealDriver } from './drivers.ts';
import { Estate } from './estate.ts';
import { noteBefore, refusesOld } from './old-ones.ts';

const { nginx, haproxyReload, haproxySocket, nodeHTTP, nodeSignal, javaHTTP } = realDrivers;

interface Variant {
  readonly what: string;
  readonly driver: RealDriver;
  readonly authority: () => Authority;
  /** Begins the rotation and waits for its end. */
  readonly rotate: (estate: Estate) => Promise<void>;
  /**
   * What of before is refused in the end. `nothing`: a root above the old CA, or its own key, vouches for it. `clients`: who
   * trusts the old CA only still accepts the new certificates, by the cross-certificate that comes with them.
   */
  readonly refuses: 'everything' | 'clients' | 'nothing';
  readonly check?: (before: X509, after: X509) => void;
}

const rotateWith =
  (name: string, ...args: readonly string[]) =>
  async (estate: Estate): Promise<void> => {
    const { code, out } = await estate.chancery('rotate', name, '--wait', ...args);
    assert.equal(code, 0, out);
  };

/** The Certificate of the CA is edited, as one asks for another algorithm: nothing is swapped, a Rotation begins. */
async function becomeECDSA(estate: Estate): Promise<void> {
  const body = { spec: { privateKey: ecdsa } };
  await estate.client.patch(certificateKind, 'ca', 'merge', body, { namespace });
  await estate.succeeded('ca-scheduled-2');
}

async function bringNext(estate: Estate): Promise<void> {
  await estate.put(importedSecret('ca-g2', 'Brought along G2'));
  const spec = { secretRef: { name: 'ca' }, nextSecretRef: { name: 'ca-g2' } };
  await estate.client.create(rotationKind, object('chancery.dev/v1', 'Rotation', 'turn', { spec }), { namespace });
  await estate.succeeded('turn');
}

const isAnotherKey = (before: X509, after: X509): void =>
  assert.notDeepEqual(Buffer.from(after.spki), Buffer.from(before.spki));

const variants: readonly Variant[] = [
  {
    what: 'with the same key',
    driver: nginx,
    authority: () => root('ca'),
    rotate: rotateWith('ca', '--same-key'),
    refuses: 'nothing',
    check: (before, after) => assert.deepEqual(Buffer.from(after.spki), Buffer.from(before.spki)),
  },
  {
    what: 'with a name of its own',
    driver: nodeHTTP,
    authority: () => root('ca'),
    rotate: rotateWith('ca', '--new-subject'),
    refuses: 'everything',
    check: (before, after) => assert.equal(after.subjectText, `${before.subjectText} G2`),
  },
  {
    what: 'from RSA to ECDSA, asked for in its Certificate',
    driver: haproxyReload,
    authority: () => root('ca', rsa),
    rotate: becomeECDSA,
    refuses: 'everything',
    check: (before, after) => {
      assert.deepEqual([before.publicKey.asymmetricKeyType, after.publicKey.asymmetricKeyType], ['rsa', 'ec']);
    },
  },
  {
    what: 'that is an intermediate, at the depth that NGINX has',
    driver: nginx,
    authority: () => intermediate('ca', 'intermediate'),
    rotate: rotateWith('ca'),
    refuses: 'nothing',
    check: isAnotherKey,
  },
  ...[nginx, javaHTTP].map((driver): Variant => ({
    what: 'that is the root above an intermediate',
    driver,
    authority: () => intermediate('ca', 'root'),
    rotate: rotateWith('ca-root'),
    refuses: 'everything',
    check: isAnotherKey,
  })),
  {
    what: 'that is the root above an intermediate, with cross-certificates',
    driver: haproxySocket,
    authority: () => intermediate('ca', 'root'),
    rotate: rotateWith('ca-root', '--cross-sign'),
    refuses: 'clients',
    check: isAnotherKey,
  },
  ...[nginx, haproxySocket, javaHTTP].map((driver): Variant => ({
    what: 'with cross-certificates',
    driver,
    authority: () => root('ca'),
    rotate: rotateWith('ca', '--cross-sign'),
    refuses: 'clients',
    check: isAnotherKey,
  })),
  {
    what: 'that was brought along, with one in its likeness',
    driver: javaHTTP,
    authority: () => imported('ca'),
    rotate: rotateWith('secret/ca'),
    refuses: 'everything',
    check: isAnotherKey,
  },
  {
    what: 'that was brought along, with one that is brought along too',
    driver: nodeSignal,
    authority: () => imported('ca'),
    rotate: bringNext,
    refuses: 'everything',
    check: (_, after) => assert.equal(after.subjectText, 'CN=Brought along G2'),
  },
];

for (const { what, driver, authority, rotate, refuses, check } of variants) {
  test(`${driver.name}: a CA ${what} is replaced without a failed handshake`, driver.options, async () => {
    const ofServers = authority();
    await using estate = await Estate.open({ servers: [driver], ofServers });
    const secret = ofServers.rotated.replace('secret/', '');
    const [former] = await estate.certificatesIn(secret);
    const leaves = await estate.certificatesIn(driver.name);
    const before = await noteBefore(estate, estate.clientNow());
    await rotate(estate);
    if (refuses !== 'nothing') await refusesOld(estate, before, refuses);
    await estate.load.stop();
    assert.deepEqual(estate.load.failures, []);
    const [present] = await estate.certificatesIn(secret);
    check?.(former!, present!);
    assert.notEqual((await estate.certificatesIn(driver.name))[0]!.fingerprint, leaves[0]!.fingerprint);
    console.log(`${driver.name}: ${what}: ${estate.load.total} handshakes, none failed`);
  });
}

test('nginx: cross-certificates above an intermediate are refused beforehand', nginx.options, async () => {
  await using estate = await Estate.open({ servers: [nginx], ofServers: intermediate('ca', 'root') });
  const { code, out } = await estate.chancery('rotate', 'ca-root', '--cross-sign');
  assert.equal(code, 1);
  assert.match(out, /blocks chain-too-deep: .*2 CAs between its certificate and the anchor; default\/nginx accepts 1/);
  assert.match(out, /Leave out crossSign/);
});
