import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { AnchorPlan, ListenerPlan } from '#model/gateways';
import { createAuthority, issueCertificate } from '#pki/issuance';
import { encodeName, nameFromSubject, p256, parseCertificatesPEM, type Certificate } from '#pki/x509';
import { ca, serverIdentity, testGateway } from '../../test-gateway.ts';
import { listenerPlan, testCA, testIdentity, type TestCA } from '../../test-material.ts';
import type { Proof } from './proof.ts';
import { proveClientTrust, type ExpectedClients } from './prove-client-trust.ts';

const [a, b, c] = [testCA('a'), testCA('b'), testCA('a')];
const of = ({ anchor }: TestCA): Certificate => parseCertificatesPEM(anchor.pem)[0]!;
const client = (issuer: TestCA) => {
  const { certificatePEM, privateKeyPEM } = testIdentity(issuer, { commonName: 'client', usage: 'client auth' });
  return { cert: certificatePEM, key: privateKeyPEM };
};

/** An authority beneath `a`. */
const beneath = ((): TestCA => {
  const order = {
    key: p256,
    subject: encodeName(nameFromSubject({ commonName: 'beneath' })),
    altNames: [],
    keyUsages: ['cert sign'] as const,
    extendedKeyUsages: [],
    isCA: true,
    durationSeconds: 86_400,
    withRequest: false,
  };
  const { key, issued } = issueCertificate({ ...order, keyUsages: [...order.keyUsages] }, a.authority, new Date());
  const anchor: AnchorPlan = { pem: issued.toPEM(), fingerprint: issued.certificate.fingerprint, from: 'x' };
  return { authority: createAuthority([issued.certificate], key), anchor };
})();

async function prove(
  t: TestContext,
  trusted: readonly TestCA[],
  expected: Partial<ExpectedClients>,
  mutualAuthentication: 'request' | 'require' = 'require',
): Promise<Proof> {
  const { gateway } = await testGateway(t);
  const plan: ListenerPlan = listenerPlan('*.a.test', serverIdentity, {
    settings: { mutualAuthentication },
    clientAnchors: trusted.map(({ anchor }) => anchor),
  });
  gateway.apply({ listeners: [plan] });
  const { address } = gateway;
  const prover = { gateway, address, timeoutMilliseconds: 5000, now: () => new Date() };
  return proveClientTrust(plan, { anchors: [], withdrawn: [], clients: [], ...expected }, prover);
}

interface Case {
  readonly why: string;
  readonly trusted: readonly TestCA[];
  readonly expected: Partial<ExpectedClients>;
  readonly mode?: 'request';
  readonly code?: string;
}

const cases: readonly Case[] = [
  { why: 'each authority is known', trusted: [a, b], expected: { anchors: [of(a), of(b)] } },
  {
    why: 'each is, where certificates are only asked for',
    trusted: [a],
    expected: { anchors: [of(a)] },
    mode: 'request',
  },
  { why: 'an authority beneath another is known', trusted: [beneath], expected: { anchors: [of(beneath)] } },
  { why: 'one is not known', trusted: [a], expected: { anchors: [of(a), of(b)] }, code: 'anchor-missing' },
  { why: 'one of the same name is not known', trusted: [a], expected: { anchors: [of(c)] }, code: 'anchor-missing' },
  { why: 'one that was withdrawn is known no more', trusted: [b], expected: { anchors: [of(b)], withdrawn: [of(a)] } },
  {
    why: 'one that was withdrawn is still known',
    trusted: [a, b],
    expected: { anchors: [of(b)], withdrawn: [of(a)] },
    code: 'anchor-lingers',
  },
  {
    why: 'the authority above one that stays was withdrawn, and goes on being known',
    trusted: [beneath, a],
    expected: { anchors: [of(beneath)], withdrawn: [of(a)] },
    code: 'anchor-lingers',
  },
  {
    why: 'one of the same name and key stays',
    trusted: [a],
    expected: { anchors: [of(a)], withdrawn: [of(a)] },
  },
  { why: 'its own clients are let in', trusted: [a], expected: { anchors: [of(a)], clients: [client(a)] } },
  { why: 'one is turned away', trusted: [a], expected: { clients: [client(b)] }, code: 'client-refused' },
];

describe('proveClientTrust()', () => {
  for (const { why, trusted, expected, mode = 'require', code } of cases) {
    it(`answers ${code ?? 'proven'} when ${why}`, async (t) => {
      const proof = await prove(t, trusted, expected, mode);
      assert.deepEqual([proof.verdict, proof.code], code === undefined ? ['proven', undefined] : ['failed', code]);
    });
  }

  it('fails when there is nobody to shake hands with', async (t) => {
    const { gateway } = await testGateway(t);
    const prover = { gateway, address: gateway.address, timeoutMilliseconds: 50, now: () => new Date() };
    const plan = listenerPlan('a.test', serverIdentity, { clientAnchors: [ca.anchor] });
    const proof = await proveClientTrust(plan, { anchors: [of(ca)], withdrawn: [], clients: [] }, prover);
    assert.equal(proof.code, 'no-handshake');
  });
});
