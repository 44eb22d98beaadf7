import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refusedFor } from './outcome.ts';
import { Tally } from './tally.ts';

for (const { words, end } of [
  { words: 'unable to verify the first certificate', end: 'unknown CA' },
  { words: '40F7:error:0A000418:SSL routines::tlsv1 alert unknown ca:SSL alert number 48', end: 'unknown CA' },
  {
    words: 'PKIX path building failed: unable to find valid certification path to requested target',
    end: 'unknown CA',
  },
  { words: 'write EPIPE', end: 'connection lost' },
  { words: 'Client network socket disconnected before secure TLS connection was established', end: 'connection lost' },
  { words: 'connect ECONNREFUSED 127.0.0.1:1', end: 'nobody listens' },
  { words: 'Received fatal alert: bad_certificate', end: 'client certificate refused' },
  { words: 'HTTP/1.1 400 Bad Request <title>400 The SSL certificate error', end: 'client certificate refused' },
  { words: 'Received fatal alert: handshake_failure', end: 'handshake refused' },
  { words: '', end: 'no answer' },
  { words: 'something\n else', end: 'something else' },
]) {
  test(`refusedFor() takes "${words.slice(0, 40)}" for: ${end}`, () =>
    assert.deepEqual(refusedFor(words), { isGood: false, end }));
}

test('Tally counts phases apart, and each failure by its end', () => {
  const tally = new Tally();
  tally.add('staged', 'node', 'nginx', { isGood: true, end: 'accepted' });
  tally.add('control', 'node', 'nginx', refusedFor('timeout'));
  tally.add('control', 'java', 'files', refusedFor('timeout'));
  assert.deepEqual([tally.of('staged').total, tally.of('staged').failed], [1, 0]);
  assert.deepEqual(tally.of('control'), { total: 2, failed: 2, ends: new Map([['timeout', 2]]) });
  assert.deepEqual(
    tally.rows('control').map(({ caller, server }) => `${caller} ${server}`),
    ['node nginx', 'java files'],
  );
});
