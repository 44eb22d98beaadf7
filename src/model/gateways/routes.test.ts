import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import type { API, Gateway } from '#model/resources';
import type { ProblemReason } from '#model/stores';
import { certify, intermediate, leaf, now, otherRoot, pair, pem, root } from '../stores/test-world.ts';
import { compileGateway, compileRoute, routeBasePath, servesAPI } from './index.ts';
import type { RoutePlan } from './index.ts';
import { GatewayWorld } from './test-gateway-world.ts';

/** An API with a client profile that has a keystore and a truststore, and one endpoint certificate. */
function petstore(): GatewayWorld {
  const world = new GatewayWorld();
  world.secret('team/file', pair(leaf, intermediate));
  world.keystore('team/own', { secretRef: { name: 'file' } });
  world.truststore('team/trusted', { certificates: pem(root) });
  world.clientProfile('team/out', { keystoreRef: { name: 'own' }, truststoreRef: { name: 'trusted' } });
  world.endpointCertificate('team/pets', 'pets.example.com:8443', pem(otherRoot));
  world.api('team/petstore', {
    basePath: '/petstore/v1',
    endpoints: { production: { url: 'https://pets.example.com:8443/api/', tlsClientProfileRef: { name: 'out' } } },
  });
  world.gateway('team/edge');
  return world;
}

const gatewayOf = (world: GatewayWorld) => world.objects.get('Gateway team/edge') as Gateway;

function compile(world: GatewayWorld, name = 'petstore') {
  const api = world.objects.get(`API team/${name}`) as API;
  return compileRoute(world, gatewayOf(world), api, now);
}

function planOf(world: GatewayWorld): RoutePlan {
  const compiled = compile(world);
  return compiled.ok ? compiled.plan : assert.fail(compiled.problem.message);
}

/** The petstore with its production endpoint, or its spec, otherwise. */
function changeAPI(world: GatewayWorld, spec: Partial<API['spec']>): void {
  world.api('team/petstore', { ...(world.objects.get('API team/petstore') as API).spec, ...spec });
}

const changeURL = (world: GatewayWorld, url: string): void =>
  changeAPI(world, { endpoints: { production: { url, tlsClientProfileRef: { name: 'out' } } } });

test('compileRoute() says where requests go, as whom, and who is trusted there', () => {
  const { upstream, ...route } = planOf(petstore());
  assert.deepEqual(route, {
    api: 'team/petstore',
    basePath: '/petstore/v1',
    type: 'REST',
    target: 'https://pets.example.com:8443/api/',
    targetPath: '/api',
  });
  assert.deepEqual(
    [upstream.endpoint, upstream.host, upstream.port],
    ['pets.example.com:8443', 'pets.example.com', 8443],
  );
  assert.equal(upstream.serverName, 'pets.example.com');
  assert.equal(upstream.identity?.fingerprint, leaf.certificate.fingerprint);
  assert.equal(upstream.profile, 'team/out');
  assert.equal(upstream.publicAuthorities, false);
  assert.deepEqual(
    new Map(upstream.anchors.map(({ fingerprint, from }) => [fingerprint, from])),
    new Map([
      [root.certificate.fingerprint, 'Truststore team/trusted'],
      [otherRoot.certificate.fingerprint, 'EndpointCertificate team/pets'],
    ]),
  );
  assert.deepEqual(upstream.endpointCertificates, [
    { namespace: 'team', name: 'pets', fingerprint: otherRoot.certificate.fingerprint, generation: 1 },
  ]);
});

interface Dialling {
  readonly why: string;
  readonly url: string;
  readonly endpoint: string;
  readonly serverName: string | undefined;
  readonly certificates: readonly string[];
}

const diallings: readonly Dialling[] = [
  {
    why: 'the usual port',
    url: 'https://pets.example.com',
    endpoint: 'pets.example.com:443',
    serverName: 'pets.example.com',
    certificates: ['team/host'],
  },
  {
    why: 'the named port',
    url: 'https://PETS.example.com:8443',
    endpoint: 'pets.example.com:8443',
    serverName: 'pets.example.com',
    certificates: ['team/host', 'team/pets'],
  },
  {
    why: 'an IPv6 address, which is no server name',
    url: 'https://[::1]:8443',
    endpoint: '[::1]:8443',
    serverName: undefined,
    certificates: ['team/six'],
  },
  {
    why: 'an IDN as A-label',
    url: 'https://bücher.example',
    endpoint: 'xn--bcher-kva.example:443',
    serverName: 'xn--bcher-kva.example',
    certificates: ['team/books'],
  },
  {
    why: 'another host',
    url: 'https://cats.example.com:8443',
    endpoint: 'cats.example.com:8443',
    serverName: 'cats.example.com',
    certificates: [],
  },
];

for (const { why, url, endpoint, serverName, certificates } of diallings) {
  test(`compileRoute() dials ${endpoint} and trusts ${certificates.join(', ') || 'no endpoint certificate'} there: ${why}`, () => {
    const world = petstore();
    world.endpointCertificate('team/host', 'pets.example.com', pem(leaf));
    world.endpointCertificate('team/six', '[0:0:0:0:0:0:0:1]:8443', pem(leaf));
    world.endpointCertificate('team/books', 'https://bücher.example/', pem(leaf));
    changeURL(world, url);
    const { upstream } = planOf(world);
    assert.equal(upstream.endpoint, endpoint);
    assert.equal(upstream.serverName, serverName);
    assert.deepEqual(
      upstream.endpointCertificates.map(({ namespace, name }) => `${namespace}/${name}`),
      certificates,
    );
  });
}

test('compileRoute() trusts the public CAs where no truststore is named, and endpoint certificates besides', () => {
  const world = petstore();
  changeAPI(world, { endpoints: { production: { url: 'https://pets.example.com:8443' } } });
  const { upstream } = planOf(world);
  assert.deepEqual([upstream.publicAuthorities, upstream.profile, upstream.identity], [true, undefined, undefined]);
  assert.deepEqual(
    upstream.anchors.map(({ from }) => from),
    ['EndpointCertificate team/pets'],
  );
});

test('compileRoute() plans no trust where the profile accepts every server, and none without TLS', () => {
  const world = petstore();
  world.clientProfile('team/out', { insecureServerConnections: true, truststoreRef: { name: 'missing' } });
  const insecure = planOf(world).upstream;
  assert.deepEqual([insecure.publicAuthorities, insecure.anchors], [false, []]);
  changeURL(world, 'http://pets.example.com:8443');
  const plain = planOf(world).upstream;
  assert.deepEqual([plain.secure, plain.endpointCertificates, plain.profile], [false, [], undefined]);
});

test('compileRoute() sends no server name where the profile switches it off', () => {
  const world = petstore();
  world.clientProfile('team/out', { truststoreRef: { name: 'trusted' }, serverNameIndication: false });
  assert.equal(planOf(world).upstream.serverName, undefined);
});

test('an endpoint certificate counts for APIs of its own namespace only, unless it is the system’s', () => {
  const world = petstore();
  world.endpointCertificate('apic/foreign', 'pets.example.com:8443', pem(leaf));
  world.endpointCertificate('chancery-system/shared', 'pets.example.com', pem(leaf));
  assert.deepEqual(
    planOf(world).upstream.endpointCertificates.map(({ name }) => name),
    ['shared', 'pets'],
  );
});

test('an endpoint certificate that cannot be read holds nothing up, and is named', () => {
  const world = petstore();
  world.endpointCertificate('team/bad', 'pets.example.com:8443', 'garbage');
  const compiled = compile(world);
  assert.ok(compiled.ok);
  assert.deepEqual(
    compiled.plan.upstream.endpointCertificates.map(({ name }) => name),
    ['pets'],
  );
  assert.match(compiled.warnings[0]!.message, /^EndpointCertificate team\/bad is not in force: /);
});

const problems: readonly { why: string; change: (world: GatewayWorld) => unknown; reason: ProblemReason }[] = [
  {
    why: 'the profile is missing',
    change: (world) => world.remove('TLSClientProfile', 'team/out'),
    reason: 'ProfileNotFound',
  },
  {
    why: 'its truststore is missing',
    change: (world) => world.remove('Truststore', 'team/trusted'),
    reason: 'TruststoreNotFound',
  },
  { why: 'its keystore is missing', change: (world) => world.remove('Secret', 'team/file'), reason: 'SecretNotFound' },
  {
    why: 'the gateway calls sandboxes, and there is none',
    change: (world) => world.gateway('team/edge', { endpoints: 'sandbox' }),
    reason: 'EndpointMissing',
  },
  { why: 'the URL has no scheme', change: (world) => changeURL(world, 'pets.example.com'), reason: 'EndpointMissing' },
];

for (const { why, change, reason } of problems) {
  test(`compileRoute() answers ${reason}, and no plan, when ${why}`, () => {
    const world = petstore();
    change(world);
    const compiled = compile(world);
    assert.ok(!compiled.ok && compiled.fallback === undefined);
    assert.equal(compiled.problem.reason, reason, compiled.problem.message);
  });
}

test('compileRoute() keeps an expired client certificate as what is better than nothing only', () => {
  const world = petstore();
  world.secret('team/file', pair(certify('old', { notAfter: new Date('2029-01-01T00:00:00Z') })));
  const compiled = compile(world);
  assert.ok(!compiled.ok && compiled.problem.reason === 'Expired');
  assert.equal(compiled.fallback?.upstream.identity?.notAfter, '2029-01-01T00:00:00Z');
});

test('of two APIs with one base path the older keeps it, and the other’s problem names both', () => {
  const world = petstore();
  world.api('team/petstore', (world.objects.get('API team/petstore') as API).spec, '2029-05-01T00:00:00Z');
  world.api('team/newer', { basePath: '/petstore/v1/' }, '2029-06-01T00:00:00Z');
  assert.ok(compile(world).ok);
  const newer = compile(world, 'newer');
  assert.ok(!newer.ok);
  assert.equal(newer.problem.reason, 'BasePathTaken');
  assert.match(newer.problem.message, /API team\/newer and API team\/petstore/);
  world.api('team/petstore', { gateways: ['another'], basePath: '/petstore/v1' }, '2029-05-01T00:00:00Z');
  assert.ok(compile(world, 'newer').ok, 'an API that this gateway does not serve takes nothing');
});

test('compileRoute() warns of default and of insecure profiles on a production gateway', () => {
  const world = petstore();
  world.gateway('team/edge', { production: true });
  world.clientProfile('team/out', { insecureServerConnections: true }, { 'chancery.dev/default': 'true' });
  const compiled = compile(world);
  assert.ok(compiled.ok);
  assert.deepEqual(
    compiled.warnings.map(({ reason }) => reason),
    ['DefaultProfileInProduction', 'InsecureInProduction'],
  );
});

const changes: readonly { why: string; change: (world: GatewayWorld) => unknown; isSeen: boolean }[] = [
  {
    why: 'one more endpoint certificate',
    change: (world) => world.endpointCertificate('team/more', 'pets.example.com', pem(leaf)),
    isSeen: true,
  },
  {
    why: 'an endpoint certificate less',
    change: (world) => world.remove('EndpointCertificate', 'team/pets'),
    isSeen: true,
  },
  {
    why: 'another client certificate',
    change: (world) => world.secret('team/file', pair(certify('new'))),
    isSeen: true,
  },
  { why: 'another port', change: (world) => changeURL(world, 'https://pets.example.com:8444'), isSeen: true },
  {
    why: 'another truststore',
    change: (world) => world.truststore('team/trusted', { certificates: pem(leaf) }),
    isSeen: true,
  },
  {
    why: 'another path of the backend',
    change: (world) => changeURL(world, 'https://pets.example.com:8443/v2'),
    isSeen: false,
  },
  {
    why: 'an endpoint certificate of another port',
    change: (world) => world.endpointCertificate('team/more', 'pets.example.com:1', pem(leaf)),
    isSeen: false,
  },
  {
    why: 'an endpoint certificate that is trusted anyway',
    change: (world) => world.endpointCertificate('team/more', 'pets.example.com', pem(root)),
    isSeen: false,
  },
  { why: 'a title', change: (world) => changeAPI(world, { title: 'Pets' }), isSeen: false },
];

for (const { why, change, isSeen } of changes) {
  test(`the digest of an upstream ${isSeen ? 'changes' : 'stays'} with ${why}`, () => {
    const world = petstore();
    const before = planOf(world).upstream.digest;
    change(world);
    assert.equal(planOf(world).upstream.digest !== before, isSeen);
  });
}

interface Serving {
  readonly why: string;
  readonly gateway: string;
  readonly spec?: Partial<Gateway['spec']>;
  readonly api: string;
  readonly gateways?: string[];
  readonly serves: boolean;
}

const servings: readonly Serving[] = [
  { why: 'its own namespace', gateway: 'team/edge', api: 'team/a', serves: true },
  { why: 'another namespace', gateway: 'team/edge', api: 'apic/a', serves: false },
  { why: 'every namespace from the system’s', gateway: 'chancery-system/edge', api: 'apic/a', serves: true },
  {
    why: 'the namespaces that it lists',
    gateway: 'team/edge',
    spec: { apiNamespaces: ['apic'] },
    api: 'apic/a',
    serves: true,
  },
  {
    why: 'its own namespace is not listed',
    gateway: 'team/edge',
    spec: { apiNamespaces: ['apic'] },
    api: 'team/a',
    serves: false,
  },
  { why: 'the API names it', gateway: 'team/edge', api: 'team/a', gateways: ['edge'], serves: true },
  { why: 'the API names another', gateway: 'team/edge', api: 'team/a', gateways: ['inner'], serves: false },
];

for (const { why, gateway, spec = {}, api, gateways, serves } of servings) {
  test(`servesAPI() answers ${serves}: ${why}`, () => {
    const world = new GatewayWorld();
    assert.equal(
      servesAPI(world.gateway(gateway, spec), world.api(api, gateways === undefined ? {} : { gateways })),
      serves,
    );
  });
}

test('compileGateway() compiles what it serves, and gathers every problem by its subject', () => {
  const world = petstore();
  world.api('team/broken', { endpoints: { production: { url: 'nowhere' } } });
  world.api('apic/foreign');
  const { listeners, routes, problems } = compileGateway(world, gatewayOf(world), world.apis(), now);
  assert.deepEqual([listeners.length, routes.map(({ api }) => api)], [0, ['team/petstore']]);
  assert.deepEqual(
    problems.map(({ subject, problem }) => [subject, problem.reason]),
    [
      [{ host: '*' }, 'ProfileNotFound'],
      [{ api: 'team/broken' }, 'EndpointMissing'],
    ],
  );
});

test('routeBasePath() is the same for a path with and without final slashes', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^(\/[a-z0-9]{1,8}){0,4}$/), fc.nat(3), (path, slashes) => {
      assert.equal(routeBasePath(path + '/'.repeat(slashes)), path);
    }),
    { seed: 3 },
  );
});

test('compileRoute() takes the profile of the host for an API that names none', () => {
  const world = petstore();
  world.put('TLSClientProfile', 'team/of-host', {
    spec: { servers: ['pets.example.com'], truststoreRef: { name: 'trusted' } },
  });
  changeAPI(world, { endpoints: { production: { url: 'https://pets.example.com:8443/api/' } } });
  assert.equal(planOf(world).upstream.profile, 'team/of-host');
  changeAPI(world, { endpoints: { production: { url: 'https://other.example.com/' } } });
  assert.equal(planOf(world).upstream.profile, undefined);
});
