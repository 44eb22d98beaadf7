import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { findPeer, peer } from '../../../../../test/peers/peer.ts';
import { noAbilities } from './abilities.ts';
import { callFrom } from './call.ts';
import { testAbilities } from './test-abilities.ts';

describe('testAbilities()', () => {
  test(
    'sees that the installed HAProxy swaps certificates, and never the trust of a backend',
    peer('haproxy'),
    async () => {
      const abilities = await testAbilities(findPeer('haproxy')!, new Date());
      assert.equal(abilities.certificates, true);
      assert.equal(abilities.backendTrust, false, 'every version that is known answers Success and changes nothing');
    },
  );

  test('a program that is no HAProxy can nothing', async () => {
    assert.deepEqual(await testAbilities('/bin/false', new Date()), noAbilities);
    assert.deepEqual(await testAbilities('/no/such/program', new Date()), noAbilities);
  });
});

test('callFrom() leaves out what a master says to its own next run', () => {
  const args = ['-W', '-f', '/a.cfg', '-f', '/b.cfg', '-p', '/run/h.pid', '-sf', '12', '13', '-x', '/run/h.sock'];
  const call = callFrom('/usr/sbin/haproxy', args);
  assert.deepEqual(call.options, ['-f', '/a.cfg', '-f', '/b.cfg']);
  assert.deepEqual(call.configurations, ['/a.cfg', '/b.cfg']);
});
