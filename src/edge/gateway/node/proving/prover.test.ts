import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, test } from 'node:test';
import { FakeClock } from '#control/runtime';
import { defaultProofPace } from '../node-options.ts';
import type { Proof } from './proof.ts';
import { Prover, type Claim } from './prover.ts';

function setUp(pace = defaultProofPace) {
  const clock = new FakeClock();
  const told: string[] = [];
  const prover = new Prover({
    clock,
    random: () => 0,
    pace,
    onProof: (key, { verdict }) => void told.push(`${key} ${verdict}`),
  });
  return { clock, told, prover };
}

const proven: Proof = { verdict: 'proven' };

function claim(digest: string, prove: () => Promise<Proof>): Claim {
  return { digest, prove, againMilliseconds: 300_000 };
}

describe('Prover', () => {
  test('proves a claim at once, and once for the same digest', async () => {
    const { prover, told } = setUp();
    prover.claim(
      'a',
      claim('1', async () => proven),
    );
    await turn();
    prover.claim(
      'a',
      claim('1', async () => proven),
    );
    await turn();
    assert.deepEqual(told, ['a proven']);
    assert.equal(prover.isAllProven, true);
  });

  test('a new digest makes the old proof void, also one that is under way', async () => {
    const { prover, told } = setUp();
    let finish: (proof: Proof) => void = () => undefined;
    prover.claim(
      'a',
      claim('1', () => new Promise((resolve) => (finish = resolve))),
    );
    prover.claim(
      'a',
      claim('2', async () => ({ verdict: 'failed', message: 'new' })),
    );
    assert.equal(prover.proofOf('a'), undefined);
    finish(proven);
    await turn();
    assert.deepEqual(told, ['a failed']);
    assert.equal(prover.isAllProven, false);
  });

  test('tries again later and later until it succeeds, and then after the time that a proof holds', async () => {
    const { prover, told, clock } = setUp();
    let verdict: Proof['verdict'] = 'unknown';
    prover.claim(
      'a',
      claim('1', async () => ({ verdict })),
    );
    const passes = async (milliseconds: number): Promise<number> => {
      clock.advance(milliseconds);
      await turn();
      return told.length;
    };
    assert.equal(await passes(0), 1);
    assert.equal(await passes(499), 1);
    assert.equal(await passes(1), 2);
    assert.equal(await passes(999), 2);
    verdict = 'proven';
    assert.equal(await passes(1), 3);
    assert.equal(await passes(299_999), 3);
    assert.equal(await passes(1), 4);
  });

  test('remembers when it was proven last while it is not any more', async () => {
    const { prover, clock } = setUp();
    let verdict: Proof['verdict'] = 'proven';
    prover.claim(
      'a',
      claim('1', async () => ({ verdict })),
    );
    await turn();
    const first = clock.now();
    verdict = 'failed';
    clock.advance(300_000);
    await turn();
    const proof = prover.proofOf('a')!;
    assert.deepEqual([proof.verdict, proof.provenAt], ['failed', first]);
  });

  test('never dials more at a time than it may, new claims first', async () => {
    const { prover, clock } = setUp({ ...defaultProofPace, dialsAtOnce: 2 });
    let running = 0;
    let most = 0;
    const order: string[] = [];
    const prove = (key: string) => async (): Promise<Proof> => {
      order.push(key);
      most = Math.max(most, (running += 1));
      await turn();
      running -= 1;
      return proven;
    };
    for (const key of ['a', 'b', 'c']) prover.claim(key, claim('1', prove(key)));
    for (let turns = 0; turns < 10; turns += 1) await turn();
    order.length = 0;
    clock.advance(300_000);
    prover.claim('new', claim('1', prove('new')));
    for (let turns = 0; turns < 10; turns += 1) await turn();
    assert.equal(most, 2);
    assert.ok(order.indexOf('new') < order.indexOf('c'), order.join());
  });

  test('a withdrawn claim is neither proven nor missed', async () => {
    const { prover, told, clock } = setUp();
    prover.claim(
      'a',
      claim('1', async () => ({ verdict: 'failed' })),
    );
    prover.withdraw('a');
    await turn();
    clock.advance(1_000_000);
    await turn();
    assert.deepEqual(told, []);
    assert.equal(prover.isAllProven, true);
    assert.deepEqual(clock.pending(), []);
  });

  test('a proof that breaks down proves nothing', async () => {
    const { prover } = setUp();
    prover.claim(
      'a',
      claim('1', () => Promise.reject(new Error('odd'))),
    );
    await turn();
    assert.deepEqual([prover.proofOf('a')?.verdict, prover.proofOf('a')?.message], ['unknown', 'odd']);
  });
});
