import assert from 'node:assert/strict';
import { test } from 'node:test';
import { root } from './authorities.ts';
import { realDrivers } from './drivers.ts';
import { Estate } from './estate.ts';
import { noteBefore, refusesOld } from './old-ones.ts';

const { haproxySocket } = realDrivers;

test('a CA is replaced under mutual TLS, and everything from before is refused', haproxySocket.options, async () => {
  await using estate = await Estate.open({ servers: [haproxySocket], ofServers: root('ca') });
  const before = await noteBefore(estate, estate.clientNow());
  const { code, out } = await estate.chancery('rotate', 'ca', '--wait');
  assert.equal(code, 0, out);
  await refusesOld(estate, before);
  await estate.load.stop();
  assert.deepEqual(estate.load.failures, []);
  for (const { total } of estate.load.rows) assert.ok(total > 20, `${total}`);
});
