import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { describe, it } from 'node:test';
import { anchorOf, testCA, testIdentity, upstreamPlan } from '../test-material.ts';
import { isStillTrusted } from './still-trusted.ts';
import { clientTrustChange, upstreamTrustChange } from './trust-change.ts';

const [a, b] = [testCA('a'), testCA('b')];
const shown = new X509Certificate(testIdentity(a, { names: ['x.test'] }).certificatePEM);
const [anchorA, anchorB] = [new X509Certificate(a.anchor.pem), new X509Certificate(b.anchor.pem)];

describe('isStillTrusted()', () => {
  const cases: [
    remaining: X509Certificate[],
    removed: X509Certificate[],
    others: boolean,
    expected: boolean,
    why: string,
  ][] = [
    [[anchorA], [anchorB], false, true, 'its issuer remains'],
    [[anchorB], [anchorA], false, false, 'its issuer was removed'],
    [[anchorB], [anchorA], true, false, 'its issuer was removed, whoever else is trusted'],
    [[], [anchorB], true, true, 'somebody else may have signed it'],
    [[], [anchorB], false, false, 'nobody is left to trust'],
    [[shown], [anchorA], false, true, 'it is trusted itself'],
    [[anchorB], [shown], false, false, 'it was trusted itself'],
  ];
  for (const [remaining, removed, othersTrusted, expected, why] of cases) {
    it(`says ${expected}: ${why}`, () => {
      assert.equal(isStillTrusted([shown], { remaining, removed, othersTrusted }), expected);
    });
  }

  it('trusts a connection without a certificate no longer', () => {
    assert.equal(isStillTrusted([], { remaining: [anchorA], removed: [anchorB], othersTrusted: false }), false);
  });
});

describe('clientTrustChange()', () => {
  it('finds none when trust is only added', () => {
    assert.equal(clientTrustChange([a.anchor], [a.anchor, b.anchor]), undefined);
  });

  it('names what was removed and what remains', () => {
    const change = clientTrustChange([a.anchor, b.anchor], [b.anchor]);
    assert.deepEqual(
      change?.removed.map((each) => each.fingerprint256),
      [anchorA.fingerprint256],
    );
    assert.deepEqual(
      change?.remaining.map((each) => each.fingerprint256),
      [anchorB.fingerprint256],
    );
  });
});

describe('upstreamTrustChange()', () => {
  const trusting = (...anchors: (typeof a.anchor)[]): ReturnType<typeof upstreamPlan> => upstreamPlan(1, { anchors });
  const insecure = upstreamPlan(1, { settings: { insecureServerConnections: true } });
  const open = upstreamPlan(1, { publicAuthorities: true, anchors: [a.anchor] });

  it('finds none between equal trust', () => {
    assert.equal(upstreamTrustChange(trusting(a.anchor), trusting(a.anchor, b.anchor)), undefined);
  });

  it('finds none when verification is switched off', () => {
    assert.equal(upstreamTrustChange(trusting(a.anchor), insecure), undefined);
  });

  for (const [why, before] of [
    ['nothing was verified before', insecure],
    ['the public CAs were trusted before', open],
    ['there was no TLS before', upstreamPlan(1, { secure: false })],
  ] as const) {
    it(`trusts only what it names when ${why}`, () => {
      const change = upstreamTrustChange(before, trusting(b.anchor))!;
      assert.equal(isStillTrusted([shown], change), false);
      assert.equal(isStillTrusted([anchorB], change), true);
    });
  }

  it('keeps what the public CAs may have signed', () => {
    const change = upstreamTrustChange(open, upstreamPlan(1, { publicAuthorities: true, anchors: [b.anchor] }))!;
    assert.equal(isStillTrusted([shown], change), false);
    assert.equal(
      isStillTrusted([new X509Certificate(anchorOf(testIdentity(undefined, {}).certificatePEM).pem)], change),
      true,
    );
  });
});
