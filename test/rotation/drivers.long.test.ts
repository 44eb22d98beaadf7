import assert from 'node:assert/strict';
import { test } from 'node:test';
import { root } from './authorities.ts';
import { realDrivers } from './drivers.ts';
import { Estate } from './estate.ts';
import { noteBefore, refusesOld } from './old-ones.ts';

const handshakes = 5000;

for (const driver of Object.values(realDrivers)) {
  const { name, options } = driver;
  test(`${name}: ${handshakes} handshakes over rotations of the CA of both sides, none failed`, options, async () => {
    await using estate = await Estate.open({ servers: [driver], ofServers: root('ca') });
    const begun = performance.now();
    let rotations = 0;
    while (rotations < 2 || estate.load.total < handshakes) {
      const before = await noteBefore(estate, estate.clientNow());
      const { code, out } = await estate.chancery('rotate', 'ca', '--wait');
      assert.equal(code, 0, out);
      assert.deepEqual(estate.load.failures, [], estate.servers[0]?.process.said?.().slice(-4000));
      await refusesOld(estate, before);
      rotations += 1;
    }
    await estate.load.stop();
    assert.deepEqual(estate.load.failures, []);
    const seconds = ((performance.now() - begun) / 1000).toFixed(0);
    const counts = estate.load.rows.map(
      ({ version, total, failures }) => `${version} ${total}, ${failures.length} failed`,
    );
    console.log(`${name}: ${counts.join('; ')}; ${rotations} rotations in ${seconds} s`);
  });
}
