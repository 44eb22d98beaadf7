import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { after, describe, test } from 'node:test';
import fc from 'fast-check';
import { compileGateway } from '#model/gateways';
import type { API, Gateway } from '#model/resources';
import { FakeClock } from '#control/runtime';
import type { GatewayWorld } from '../../../../model/gateways/test-gateway-world.ts';
import { certify, leaf, intermediate, now, otherRoot, pair, pem, root } from '../../../../model/stores/test-world.ts';
import { Sight } from '../watching/sight.ts';
import { TestApi } from '../watching/test-api.ts';
import { createCompiler } from './compiler.ts';
import { PlanKeeper } from './plan-keeper.ts';
import type { PlanCompiler } from './source.ts';

const place = { namespace: 'team', name: 'edge' };
const always = (): boolean => true;

/** A node without engine and network: what changes in the World is compiled, and taken as loaded. */
class Node {
  readonly api = new TestApi();
  readonly sight: Sight;
  readonly keeper: PlanKeeper;
  readonly compiled: string[] = [];
  refuse: (host: string) => boolean = () => false;

  constructor() {
    this.sight = new Sight({
      connection: this.api.connection,
      clock: new FakeClock(now),
      random: () => 0,
      gateway: place,
      onChange: (terms) => this.keeper.touch(terms),
      onConnected: () => undefined,
    });
    this.keeper = new PlanKeeper(this.sight, this.#counted(createCompiler()));
    this.sight.start();
  }

  async change(change: (world: GatewayWorld) => void): Promise<void> {
    this.api.change(change);
    await this.settle();
  }

  async settle(): Promise<void> {
    do {
      for (let turns = 0; turns < 4; turns += 1) await turn();
      if (!this.sight.isListed) continue;
      const { change } = this.keeper.step(now, always);
      const refused = change.listeners.filter(({ host }) => this.refuse(host));
      const parts = refused.map(({ host }) => ({ subject: { host }, code: 'ERR', message: 'refused' }));
      this.keeper.settle(change, parts, now);
    } while (!this.sight.isListed || !this.keeper.isSettled);
  }

  #counted(compiler: PlanCompiler): PlanCompiler {
    return {
      serves: (gateway, api) => compiler.serves(gateway, api),
      listener: (lookup, gateway, entry, at) => {
        this.compiled.push(entry.host);
        return compiler.listener(lookup, gateway, entry, at);
      },
      route: (lookup, gateway, api, at) => {
        this.compiled.push(api.metadata.name);
        return compiler.route(lookup, gateway, api, at);
      },
    };
  }
}

const nodes: Node[] = [];
after(() => Promise.all(nodes.map(({ sight }) => sight.stop())));

function node(): Node {
  nodes.push(new Node());
  return nodes.at(-1)!;
}

const own = certify('own');
const other = certify('other');

function twoHosts(world: GatewayWorld): void {
  for (const name of ['one', 'two']) {
    world.secret(`team/${name}`, pair(name === 'one' ? own : other));
    world.keystore(`team/${name}`, { secretRef: { name } });
    world.serverProfile(`team/${name}`, { keystoreRef: { name } });
  }
  world.clientProfile('team/out', { keystoreRef: { name: 'one' } });
  world.gateway('team/edge', {
    sni: ['one', 'two'].map((name) => ({ host: `${name}.example`, tlsServerProfileRef: { name } })),
  });
  world.api('team/pets', {
    endpoints: { production: { url: 'https://pets.example:8443', tlsClientProfileRef: { name: 'out' } } },
  });
}

describe('PlanKeeper', () => {
  test('loads everything that the gateway declares', async () => {
    const it = node();
    await it.change(twoHosts);
    assert.deepEqual([...it.keeper.listeners.keys()], ['one.example', 'two.example']);
    assert.equal(it.keeper.listeners.get('one.example')!.loaded!.identity.fingerprint, own.certificate.fingerprint);
    assert.equal(it.keeper.routes.get('team/pets')!.loaded!.basePath, '/pets');
  });

  test('compiles only what had looked at what changes', async () => {
    const cases: [why: string, change: (world: GatewayWorld) => void, compiled: string[]][] = [
      ['a Secret of one host', (world) => world.secret('team/two', pair(own)), ['two.example']],
      [
        'a keystore that two share',
        (world) => world.keystore('team/one', { secretRef: { name: 'one' } }),
        ['one.example', 'pets'],
      ],
      [
        'a certificate of the backend',
        (world) => world.endpointCertificate('team/a', 'pets.example:8443', pem(root)),
        ['pets'],
      ],
      [
        'a certificate of the whole host',
        (world) => world.endpointCertificate('team/b', 'pets.example', pem(root)),
        ['pets'],
      ],
      [
        'a certificate of another backend',
        (world) => world.endpointCertificate('team/c', 'cats.example', pem(root)),
        [],
      ],
      ['a Secret of nobody', (world) => world.secret('team/nobody', pair(own)), []],
      ['a profile of nobody', (world) => world.serverProfile('team/nobody', { keystoreRef: { name: 'one' } }), []],
      [
        'one host more',
        (world) => {
          const { sni } = (world.objects.get('Gateway team/edge') as Gateway).spec;
          world.gateway('team/edge', { sni: [...sni, { host: 'new.example', tlsServerProfileRef: { name: 'one' } }] });
        },
        ['new.example'],
      ],
    ];
    const it = node();
    await it.change(twoHosts);
    for (const [why, change, compiled] of cases) {
      it.compiled.length = 0;
      await it.change(change);
      assert.deepEqual([...new Set(it.compiled)].toSorted(), compiled.toSorted(), why);
    }
  });

  test('fetches only Secrets that something refers to, and lets go of those that nothing refers to any more', async () => {
    const it = node();
    await it.change((world) => {
      twoHosts(world);
      world.secret('team/nobody', pair(own));
    });
    assert.ok(!it.api.fetched.includes('Secret team/nobody'));
    await it.change((world) => world.keystore('team/two', { secretRef: { name: 'nobody' } }));
    assert.ok(it.api.fetched.includes('Secret team/nobody'), 'until something refers to it');
    it.api.fetched.length = 0;
    await it.change((world) => world.secret('team/two', pair(leaf, intermediate)));
    assert.deepEqual(it.api.fetched, []);
  });

  test('bad material never replaces good, and what is wrong is said', async () => {
    const it = node();
    await it.change(twoHosts);
    const good = it.keeper.listeners.get('one.example')!.loaded;
    const bad: [why: string, change: (world: GatewayWorld) => void][] = [
      ['garbage', (world) => world.secret('team/one', { 'tls.crt': 'garbage', 'tls.key': 'garbage' })],
      ['the key of another', (world) => world.secret('team/one', { ...pair(own), 'tls.key': pair(other)['tls.key']! })],
      ['no Secret', (world) => world.remove('Secret', 'team/one')],
      ['no keystore', (world) => world.remove('Keystore', 'team/one')],
      ['no profile', (world) => world.remove('TLSServerProfile', 'team/one')],
    ];
    for (const [why, change] of bad) {
      await it.change(change);
      const unit = it.keeper.listeners.get('one.example')!;
      assert.equal(unit.loaded, good, why);
      assert.ok(unit.problem, why);
    }
    await it.change(twoHosts);
    assert.equal(it.keeper.listeners.get('one.example')!.problem, undefined);
  });

  test('what the TLS engine refuses does not replace what serves', async () => {
    const it = node();
    await it.change(twoHosts);
    const good = it.keeper.listeners.get('one.example')!.loaded;
    it.refuse = (host) => host === 'one.example';
    await it.change((world) => world.secret('team/one', pair(other)));
    const unit = it.keeper.listeners.get('one.example')!;
    assert.equal(unit.loaded, good);
    assert.equal(unit.refusal?.code, 'ERR');
    it.refuse = () => false;
    it.keeper.touchUnsettled(now);
    await it.settle();
    assert.equal(unit.loaded!.identity.fingerprint, other.certificate.fingerprint);
    assert.equal(unit.refusal, undefined);
  });

  test('a removed host and a removed API are unloaded, and so is everything of a removed gateway', async () => {
    const it = node();
    await it.change(twoHosts);
    it.api.change((world) => {
      world.gateway('team/edge', { sni: [{ host: 'one.example', tlsServerProfileRef: { name: 'one' } }] });
      world.remove('API', 'team/pets');
    });
    for (let turns = 0; turns < 4; turns += 1) await turn();
    const { change } = it.keeper.step(now, always);
    assert.deepEqual(change.removedHosts, ['two.example']);
    assert.deepEqual(change.removedAPIs, ['team/pets']);
    await it.change((world) => world.remove('Gateway', 'team/edge'));
    assert.deepEqual([it.keeper.listeners.size, it.keeper.routes.size], [0, 0]);
  });

  test('of an earlier run only what is still declared stays', async () => {
    const first = node();
    await first.change(twoHosts);
    const second = node();
    second.keeper.adopt(first.keeper.loaded());
    second.keeper.settle(first.keeper.loaded(), [], now);
    await second.change((world) => {
      twoHosts(world);
      world.secret('team/one', { 'tls.crt': 'garbage', 'tls.key': 'garbage' });
      world.gateway('team/edge', { sni: [{ host: 'one.example', tlsServerProfileRef: { name: 'one' } }] });
    });
    assert.deepEqual([...second.keeper.listeners.keys()], ['one.example']);
    const unit = second.keeper.listeners.get('one.example')!;
    assert.equal(unit.loaded!.identity.fingerprint, own.certificate.fingerprint, 'good from before, bad now');
    assert.ok(unit.problem);
  });

  test('compiles in turns when there is no time for all at once', async () => {
    const it = node();
    it.api.change(twoHosts);
    while (!it.sight.isListed) await turn();
    let left = 1;
    assert.equal(it.keeper.step(now, () => left-- > 0).isUnfinished, true);
    await it.settle();
    assert.equal(it.keeper.loaded().listeners.length, 2);
  });

  test('compiling what changed comes to the same as compiling everything', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { minLength: 1, maxLength: 25 }), async (operations) => {
        const it = node();
        await it.change(twoHosts);
        for (const change of operations) await it.change(change);
        assertSameAsWhole(it);
      }),
      { numRuns: 150 },
    );
  });
});

const material = [own, other, leaf, certify('third')];
const hosts = ['one.example', 'two.example', '*.example', '*'];
const names = ['one', 'two', 'three'];
const name = fc.constantFrom(...names);

type Change = (world: GatewayWorld) => void;

const change = <T extends unknown[]>(
  values: { [K in keyof T]: fc.Arbitrary<T[K]> },
  make: (world: GatewayWorld, ...values: T) => unknown,
): fc.Arbitrary<Change> =>
  fc
    .tuple(...(values as fc.Arbitrary<unknown>[]))
    .map((values) => (world: GatewayWorld) => void make(world, ...(values as T)));

const referredKinds = ['Secret', 'Keystore', 'Truststore', 'Certificate', 'TLSServerProfile', 'TLSClientProfile'];
const refTo = (name: string | null, field: string): object => (name === null ? {} : { [field]: { name } });

/** One change of anything that a gateway can depend on, good or bad. */
const operation: fc.Arbitrary<Change> = fc.oneof(
  change([name, fc.constantFrom(...material)], (world, name, fixture) => world.secret(`team/${name}`, pair(fixture))),
  change([name], (world, name) => world.secret(`team/${name}`, { 'tls.crt': 'garbage', 'tls.key': 'garbage' })),
  change([name, name], (world, own, name) => world.keystore(`team/${own}`, { secretRef: { name } })),
  change([name, name], (world, own, name) => world.keystore(`team/${own}`, { keystoreRef: { name } })),
  change([name, name], (world, own, name) => world.keystore(`team/${own}`, { certificateRef: { name } })),
  change([name, name], (world, own, secretName) => world.certificate(`team/${own}`, { secretName })),
  change([name, fc.constantFrom(root, otherRoot)], (world, own, ca) =>
    world.truststore(`team/${own}`, { certificates: pem(ca) }),
  ),
  change([name, name, fc.option(name)], (world, own, keystore, truststore) =>
    world.serverProfile(`team/${own}`, {
      keystoreRef: { name: keystore },
      ...(truststore === null ? {} : { mutualAuthentication: 'require', ...refTo(truststore, 'truststoreRef') }),
    }),
  ),
  change([name, fc.option(name), fc.option(name)], (world, own, keystore, truststore) =>
    world.clientProfile(`team/${own}`, { ...refTo(keystore, 'keystoreRef'), ...refTo(truststore, 'truststoreRef') }),
  ),
  change([name, name, name, fc.option(name)], (world, own, path, host, profile) => {
    const production = { url: `https://${host}.example:8443/`, ...refTo(profile, 'tlsClientProfileRef') };
    world.api(`team/${own}`, { basePath: `/${path}`, endpoints: { production } });
  }),
  change([name, name, fc.constantFrom('', ':8443', ':9')], (world, own, host, port) =>
    world.endpointCertificate(`team/${own}`, `${host}.example${port}`, pem(root)),
  ),
  change([fc.subarray(hosts), fc.array(name, { minLength: 4, maxLength: 4 })], (world, hosts, profiles) =>
    world.gateway('team/edge', {
      sni: hosts.map((host, index) => ({ host, tlsServerProfileRef: { name: profiles[index]! } })),
    }),
  ),
  change([fc.constantFrom(...referredKinds, 'API', 'EndpointCertificate'), name], (world, kind, name) =>
    world.remove(kind, `team/${name}`),
  ),
);

function assertSameAsWhole({ api: { world }, keeper }: Node): void {
  const gateway = world.objects.get('Gateway team/edge') as Gateway;
  const apis = [...world.objects.values()].filter((object): object is API => object.kind === 'API');
  const whole = compileGateway(world, gateway, apis, now);
  const problems = [
    ...[...keeper.listeners].map(([host, { problem }]) => ({ subject: { host }, problem })),
    ...[...keeper.routes].map(([api, { problem }]) => ({ subject: { api }, problem })),
  ].filter(({ problem }) => problem !== undefined);
  const bySubject = (a: { subject: object }, b: { subject: object }): number =>
    JSON.stringify(a.subject).localeCompare(JSON.stringify(b.subject));
  assert.deepEqual(problems.toSorted(bySubject), [...whole.problems].sort(bySubject));
  for (const plan of whole.listeners) assert.deepEqual(keeper.listeners.get(plan.host)?.loaded, plan);
  for (const plan of whole.routes) assert.deepEqual(keeper.routes.get(plan.api)?.loaded, plan);
  assert.equal(
    keeper.listeners.size,
    whole.listeners.length + whole.problems.filter(({ subject }) => 'host' in subject).length,
  );
  assert.equal(
    keeper.routes.size,
    whole.routes.length + whole.problems.filter(({ subject }) => 'api' in subject).length,
  );
}
