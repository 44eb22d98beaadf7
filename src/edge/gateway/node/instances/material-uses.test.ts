import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { test } from 'node:test';
import type { ListenerPlan, RoutePlan, UpstreamPlan } from '#model/gateways';
import type { WantedMaterial } from '#model/resources';
import { trustDigest } from '#model/trust';
import { listenerPlan, routePlan, testCA, testIdentity, upstreamPlan } from '../../test-material.ts';
import { emptyUnit, type Unit } from '../compiling/unit.ts';
import { upstreamProofKey } from '../proving/proof-keys.ts';
import { usesOf, type LoadedPlans, type WantedStore } from './material-uses.ts';

const [a, b, extra] = [testCA('a'), testCA('b'), testCA('extra')];
const [own, other] = ['own.test', 'other.test'].map((name) => testIdentity(a, { names: [name] }));
const proven = { verdict: 'proven' } as const;

const unit = <P>(loaded: P | undefined, more: Partial<Unit<P>> = {}): Unit<P> => ({
  ...emptyUnit<P>(),
  loaded,
  isWaiting: false,
  ...more,
});

interface World {
  readonly listeners?: readonly Unit<ListenerPlan>[];
  readonly routes?: readonly Unit<RoutePlan>[];
  readonly isKept?: (plan: object) => boolean;
  readonly former?: string;
}

const plansOf = ({ listeners = [], routes = [], isKept = () => true, former }: World): LoadedPlans => ({
  listeners: new Map(listeners.map((one, at) => [one.loaded?.host ?? `none-${at}`, one])),
  routes: new Map(routes.map((one, at) => [`team/${at}`, one])),
  proofOf: () => proven,
  isKept,
  hasFormer: (part) => former !== undefined && Object.values<string>(part).includes(former),
});

const at = '2026-03-01T10:00:00Z';
const isIn = (store: string | undefined): boolean => store === 'team/store' || store === 'team/made-from-it';
const place = 'team/store';
const identity = (digest: string): WantedStore => ({
  place,
  isIn,
  wanted: { name: 'own', kind: 'identity', digest, generation: 1, at },
});
const trust = (...anchors: readonly (typeof a.anchor)[]): WantedStore => {
  const trusted = new Set(anchors.map(({ fingerprint }) => fingerprint));
  const wanted: WantedMaterial = { name: 'others', kind: 'trust', digest: trustDigest(trusted), generation: 1, at };
  return { place, isIn, wanted, trusted };
};

const chain = (one: typeof own): string => hash('sha256', one?.fingerprint ?? '');
const host = (name: string, shows: typeof own, more: Partial<ListenerPlan> = {}): Unit<ListenerPlan> =>
  unit({ ...listenerPlan(name, shows!), keystore: place, ...more });
const route = (path: string, more: Partial<UpstreamPlan>): Unit<RoutePlan> =>
  unit(routePlan(path, upstreamPlan(1, more)));

const shown = (store: WantedStore, world: World): string[] =>
  usesOf(store, plansOf(world)).map(({ what, holds }) => `${what} ${holds ? 'holds' : 'lacks'}`);

test('an identity shows at the hosts and backends whose profile names its Keystore, and nowhere else', () => {
  const world: World = {
    listeners: [
      host('a.test', own),
      host('b.test', other),
      host('c.test', own, { keystore: 'team/else' }),
      unit<ListenerPlan>(undefined),
    ],
    routes: [route('/x', { identity: own, keystore: 'team/made-from-it' }), route('/y', { identity: own })],
  };
  const backend = world.routes![0]!.loaded!.upstream.endpoint;
  assert.deepEqual(shown(identity(chain(own)), world), [
    'host a.test holds',
    'host b.test lacks',
    `backend ${backend} holds`,
  ]);
});

test('a way to a backend that several APIs share is one place, kept when all of them are', () => {
  const shared = { identity: own, keystore: place };
  const routes = [route('/x', shared), route('/y', shared)];
  assert.equal(upstreamProofKey(routes[0]!.loaded!), upstreamProofKey(routes[1]!.loaded!));
  const uses = usesOf(identity(chain(own)), plansOf({ routes, isKept: (plan) => plan === routes[0]!.loaded }));
  assert.deepEqual(
    uses.map(({ isKept }) => isKept),
    [false],
  );
});

test('a host trusts exactly the set: what was withdrawn must not linger', () => {
  const trusting = (...clientAnchors: (typeof a.anchor)[]): World => ({
    listeners: [host('a.test', own, { clientAnchors, truststore: place })],
  });
  assert.deepEqual(shown(trust(a.anchor, b.anchor), trusting(b.anchor, a.anchor)), ['host a.test holds']);
  assert.deepEqual(shown(trust(b.anchor), trusting(a.anchor, b.anchor)), ['host a.test lacks']);
  assert.deepEqual(shown(trust(a.anchor, b.anchor), trusting(a.anchor)), ['host a.test lacks']);
});

test('for a backend, endpoint certificates are trusted beside the set', () => {
  const from = `Truststore ${place}`;
  const fromStore = [
    { ...a.anchor, from },
    { ...b.anchor, from },
  ];
  const beside = { ...extra.anchor, from: 'EndpointCertificate team/extra' };
  const endpoint = upstreamPlan(1, {}).endpoint;
  const held = (anchors: UpstreamPlan['anchors']): string[] =>
    shown(trust(a.anchor, b.anchor), { routes: [route('/x', { anchors, truststore: place })] });
  assert.deepEqual(held([...fromStore, beside]), [`backend ${endpoint} holds`]);
  assert.deepEqual(held([fromStore[0]!, beside]), [`backend ${endpoint} lacks`]);
  assert.deepEqual(held([...fromStore, { ...beside, from: 'Truststore team/store' }]), [`backend ${endpoint} lacks`]);
});

test('a store that is made from the wanted one holds it with others', () => {
  const trusting = (...clientAnchors: (typeof a.anchor)[]): World => ({
    listeners: [host('a.test', own, { clientAnchors, truststore: 'team/made-from-it' })],
  });
  assert.deepEqual(shown(trust(a.anchor), trusting(a.anchor, b.anchor)), ['host a.test holds']);
  assert.deepEqual(shown(trust(a.anchor, b.anchor), trusting(a.anchor)), ['host a.test lacks']);
});

test('where nothing is verified no set is in force', () => {
  assert.deepEqual(shown(trust(a.anchor), { routes: [route('/x', { anchors: [] })] }), []);
});

test('what stands in the way, what is kept and what is left from before is told', () => {
  const problem = { reason: 'MaterialUnreadable', message: 'garbage' } as const;
  const listeners = [unit({ ...listenerPlan('a.test', own!), keystore: place }, { problem })];
  const [use] = usesOf(identity('other'), plansOf({ listeners, former: 'a.test', isKept: () => false }));
  assert.deepEqual([use!.holds, use!.problem, use!.isKept, use!.isAlone], [false, 'garbage', false, false]);
});

test('a host proves its client trust apart', () => {
  const asked: string[] = [];
  const plans = plansOf({ listeners: [host('a.test', own, { clientAnchors: [a.anchor], truststore: place })] });
  usesOf(trust(a.anchor), { ...plans, proofOf: (key) => void asked.push(key) });
  assert.deepEqual(asked, ['listener a.test', 'clients of a.test']);
});
