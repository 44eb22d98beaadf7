import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import type { API, Gateway, TLSClientProfile, TLSServerProfile } from '#model/resources';
import { certify, now, otherRoot, pair, pem, root } from '../stores/test-world.ts';
import { compileGateway, explainDifference } from './index.ts';
import { GatewayWorld } from './test-gateway-world.ts';

const authorities = { root: pem(root), other: pem(otherRoot) };
const own = certify('own');

interface Choice {
  readonly clientCAs: readonly (keyof typeof authorities)[];
  readonly mutual: 'none' | 'request' | 'require';
  readonly backendCAs: readonly (keyof typeof authorities)[];
  readonly isPublic: boolean;
  readonly isInsecure: boolean;
  readonly hasAPI: boolean;
}

const usual: Choice = {
  clientCAs: ['root'],
  mutual: 'require',
  backendCAs: ['root'],
  isPublic: false,
  isInsecure: false,
  hasAPI: true,
};

function planFor(choice: Choice) {
  const world = new GatewayWorld();
  const text = (names: Choice['clientCAs']) => names.map((name) => authorities[name]).join('');
  world.secret('team/file', pair(own));
  world.keystore('team/own', { secretRef: { name: 'file' } });
  world.truststore('team/clients', { certificates: text(choice.clientCAs) });
  world.truststore('team/backends', { certificates: text(choice.backendCAs) });
  const server: TLSServerProfile['spec'] = {
    keystoreRef: { name: 'own' },
    truststoreRef: { name: 'clients' },
    mutualAuthentication: choice.mutual,
  };
  const client: TLSClientProfile['spec'] = { insecureServerConnections: choice.isInsecure };
  world.serverProfile('team/in', server);
  world.clientProfile('team/out', choice.isPublic ? client : { ...client, truststoreRef: { name: 'backends' } });
  const production: API['spec']['endpoints']['production'] = {
    url: 'https://pets.example.com',
    tlsClientProfileRef: { name: 'out' },
  };
  if (choice.hasAPI) world.api('team/petstore', { endpoints: { production } });
  const gateway: Gateway = world.gateway('team/edge');
  return compileGateway(world, gateway, world.apis(), now);
}

const nothing = { listeners: [], routes: [] };

interface Case {
  readonly why: string;
  readonly from?: Partial<Choice>;
  readonly to: Partial<Choice>;
  readonly listener?: { readonly distrusted: readonly string[]; readonly isTrustNarrower: boolean };
  readonly route?: { readonly distrusted: readonly string[]; readonly isTrustNarrower: boolean };
}

const oldOne = root.certificate.fingerprint;

const cases: readonly Case[] = [
  {
    why: 'one more client CA takes nothing from anybody',
    to: { clientCAs: ['root', 'other'] },
    listener: { distrusted: [], isTrustNarrower: false },
  },
  {
    why: 'a client CA replaced is distrusted',
    to: { clientCAs: ['other'] },
    listener: { distrusted: [oldOne], isTrustNarrower: true },
  },
  {
    why: 'a listener that asks for no certificate any more refuses nobody',
    to: { mutual: 'none' },
    listener: { distrusted: [oldOne], isTrustNarrower: false },
  },
  {
    why: 'a certificate that is required from now on was not shown by those who are connected',
    from: { mutual: 'request' },
    to: { mutual: 'require' },
    listener: { distrusted: [], isTrustNarrower: true },
  },
  {
    why: 'a backend’s CA replaced is distrusted',
    to: { backendCAs: ['other'] },
    route: { distrusted: [oldOne], isTrustNarrower: true },
  },
  {
    why: 'the public CAs no longer trusted',
    from: { isPublic: true },
    to: { isPublic: false },
    route: { distrusted: [], isTrustNarrower: true },
  },
  {
    why: 'verification switched on: nobody knows who the connected backends are',
    from: { isInsecure: true },
    to: { isInsecure: false },
    route: { distrusted: [], isTrustNarrower: true },
  },
  {
    why: 'verification switched off refuses nobody',
    to: { isInsecure: true },
    route: { distrusted: [oldOne], isTrustNarrower: false },
  },
];

for (const { why, from, to, listener, route } of cases) {
  test(`explainDifference(): ${why}`, () => {
    const before = planFor({ ...usual, ...from });
    const difference = explainDifference(before, planFor({ ...usual, ...from, ...to }));
    const expected = (name: string, change: Case['route']) =>
      change === undefined ? [] : [{ name, change: 'replaced', ...change }];
    assert.deepEqual(difference.listeners, expected('*', listener));
    assert.deepEqual(difference.routes, expected('team/petstore', route));
  });
}

test('explainDifference() lists what is new as added and what is gone as removed, with its trust', () => {
  const plan = planFor(usual);
  const added = explainDifference(nothing, plan);
  assert.deepEqual(
    [...added.listeners, ...added.routes].map(({ name, change, isTrustNarrower }) => [name, change, isTrustNarrower]),
    [
      ['*', 'added', false],
      ['team/petstore', 'added', false],
    ],
  );
  const { routes } = explainDifference(plan, planFor({ ...usual, hasAPI: false }));
  assert.deepEqual(routes, [{ name: 'team/petstore', change: 'removed', distrusted: [oldOne], isTrustNarrower: true }]);
});

const choice: fc.Arbitrary<Choice> = fc.record({
  clientCAs: fc.constantFrom(['root'], ['other'], ['root', 'other'], ['other', 'root']),
  mutual: fc.constantFrom('none', 'request', 'require'),
  backendCAs: fc.constantFrom(['root'], ['other'], ['root', 'other']),
  isPublic: fc.boolean(),
  isInsecure: fc.boolean(),
  hasAPI: fc.boolean(),
});

test('digests differ exactly when what a peer could notice differs', () => {
  const clientView = ({ mutual, clientCAs }: Choice) => [mutual, mutual === 'none' ? [] : clientCAs.toSorted()];
  const backendView = ({ isInsecure, isPublic, backendCAs }: Choice) => [
    isInsecure,
    isInsecure ? '' : isPublic || backendCAs.toSorted(),
  ];
  const isSame = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
  fc.assert(
    fc.property(choice, choice, (one, two) => {
      const [before, after] = [one, two].map((each) => planFor({ ...each, hasAPI: true }));
      const { listeners, routes } = explainDifference(before!, after!);
      assert.equal(listeners.length === 0, isSame(clientView(one), clientView(two)));
      assert.equal(routes.length === 0, isSame(backendView(one), backendView(two)));
    }),
    { numRuns: 60, seed: 3 },
  );
});

test('explainDifference() of a plan with itself is empty, and each way round names the same things', () => {
  fc.assert(
    fc.property(choice, choice, (one, two) => {
      const [before, after] = [planFor(one), planFor(two)];
      assert.deepEqual(explainDifference(before, planFor(one)), nothing);
      const names = ({ listeners, routes }: ReturnType<typeof explainDifference>) =>
        new Set([...listeners, ...routes].map(({ name }) => name));
      assert.deepEqual(names(explainDifference(before, after)), names(explainDifference(after, before)));
    }),
    { numRuns: 40, seed: 3 },
  );
});
