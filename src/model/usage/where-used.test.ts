import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import type { API, CertificateFacts, GatewayNode, Keystore } from '#model/resources';
import { GatewayWorld } from '../gateways/test-gateway-world.ts';
import { whereUsed } from './index.ts';
import type { UsageSnapshot } from './index.ts';

const facts = (fingerprint: string): CertificateFacts => ({
  subject: 'CN=web',
  issuer: 'CN=root',
  serialNumber: '1',
  fingerprint,
  notBefore: '2026-01-01T00:00:00Z',
  notAfter: '2036-01-01T00:00:00Z',
  key: 'ECDSA P-256',
  isCA: false,
  selfSigned: false,
});

function snapshotOf(world: GatewayWorld): UsageSnapshot {
  const all = <T>(kind: string): T[] => [...world.objects.values()].filter((one) => one.kind === kind) as T[];
  return {
    certificates: all('Certificate'),
    keystores: all('Keystore'),
    truststores: all('Truststore'),
    clientProfiles: all('TLSClientProfile'),
    serverProfiles: all('TLSServerProfile'),
    endpointCertificates: all('EndpointCertificate'),
    apis: all('API'),
    gateways: all('Gateway'),
    gatewayNodes: all('GatewayNode'),
  };
}

/** A Certificate whose Secret is in a Keystore, a profile of which an API and a node use; and the same for servers. */
function platform(): GatewayWorld {
  const world = new GatewayWorld();
  world.certificate('team/web', { secretName: 'web-tls' });
  world.keystore('team/own', { certificateRef: { name: 'web' }, passwordRef: { name: 'words' } });
  world.keystore('team/same', { secretRef: { name: 'web-tls' } });
  world.truststore('team/trusted', { certificateRef: { name: 'web' } }, { certificates: '' });
  world.clientProfile('team/out', { keystoreRef: { name: 'own' }, truststoreRef: { name: 'trusted' } });
  world.serverProfile('team/in', { keystoreRef: { name: 'same' } });
  world.gateway('team/edge', { sni: [{ host: '*', tlsServerProfileRef: { name: 'in' } }] });
  const production = { url: 'https://pets.example.com:8443', tlsClientProfileRef: { name: 'out' } };
  world.api('team/petstore', { endpoints: { production } });
  world.endpointCertificate('team/pets', 'pets.example.com', '');
  world.endpointCertificate('team/cats', 'cats.example.com', '');
  return world;
}

interface Case {
  readonly subject: string;
  readonly users: readonly string[];
}

const cases: readonly Case[] = [
  {
    subject: 'Certificate team/web',
    users: [
      'Keystore team/own',
      'Keystore team/same via Secret team/web-tls',
      'Truststore team/trusted',
      'TLSClientProfile team/out via Keystore team/own',
      'TLSServerProfile team/in via Keystore team/same, Secret team/web-tls',
      'API team/petstore via TLSClientProfile team/out, Keystore team/own',
      'Gateway team/edge via TLSServerProfile team/in, Keystore team/same, Secret team/web-tls',
    ],
  },
  {
    subject: 'Secret team/web-tls',
    users: [
      'Keystore team/own via Certificate team/web',
      'Keystore team/same',
      'Truststore team/trusted via Certificate team/web',
      'TLSClientProfile team/out via Keystore team/own, Certificate team/web',
      'TLSServerProfile team/in via Keystore team/same',
      'API team/petstore via TLSClientProfile team/out, Keystore team/own, Certificate team/web',
      'Gateway team/edge via TLSServerProfile team/in, Keystore team/same',
    ],
  },
  {
    subject: 'Secret team/words',
    users: [
      'Keystore team/own',
      'TLSClientProfile team/out via Keystore team/own',
      'API team/petstore via TLSClientProfile team/out, Keystore team/own',
    ],
  },
  { subject: 'TLSClientProfile team/out', users: ['API team/petstore'] },
  { subject: 'TLSServerProfile team/in', users: ['Gateway team/edge'] },
  { subject: 'EndpointCertificate team/pets', users: ['API team/petstore'] },
  { subject: 'EndpointCertificate team/cats', users: [] },
  { subject: 'API team/petstore', users: [] },
  { subject: 'Keystore team/missing', users: [] },
  { subject: 'Keystore apic/own', users: [] },
];

const objectOf = (term: string) => {
  const [, kind = '', namespace = '', name = ''] = /^(\S+) ([^/]*)\/(.*)$/.exec(term) ?? [];
  return { kind, namespace, name };
};

for (const { subject, users } of cases) {
  test(`whereUsed() finds ${users.length} users of ${subject}, each on the shortest way`, () => {
    const found = whereUsed(snapshotOf(platform()), objectOf(subject));
    assert.deepEqual(
      found.map(({ text }) => text),
      users,
    );
  });
}

test('whereUsed() finds the nodes that say they have it', () => {
  const world = platform();
  const endpoint = {
    endpoint: 'pets.example.com:8443',
    apis: ['team/petstore'],
    profile: 'team/out',
    endpointCertificates: [{ name: 'pets', namespace: 'team', fingerprint: 'ab', generation: 1 }],
    state: 'proven',
  } as const;
  const listener = { host: '*', profile: 'team/in', state: 'loaded' } as const;
  const node: Pick<GatewayNode, 'spec'> & { status: unknown } = {
    spec: { gatewayRef: { name: 'edge' } },
    status: { listeners: [listener], endpoints: [endpoint] },
  };
  world.put('GatewayNode', 'team/node-1', node);
  const nodesOf = (subject: string) =>
    whereUsed(snapshotOf(world), objectOf(subject))
      .filter(({ kind }) => kind === 'GatewayNode')
      .map(({ text }) => text);
  assert.deepEqual(nodesOf('EndpointCertificate team/pets'), ['GatewayNode team/node-1']);
  assert.deepEqual(nodesOf('Keystore team/same'), ['GatewayNode team/node-1 via TLSServerProfile team/in']);
  assert.deepEqual(nodesOf('TLSClientProfile team/out'), ['GatewayNode team/node-1']);
  assert.deepEqual(nodesOf('EndpointCertificate team/cats'), []);
});

test('whereUsed() finds a certificate by fingerprint in stores, chains, uploads and at backends, and who uses those', () => {
  const world = platform();
  const own = world.get('Keystore', 'team', 'own')!;
  const status: Keystore['status'] = { entries: [{ ...facts('aa'), chain: [facts('bb')] }] };
  world.objects.set('Keystore team/own', { ...own, status } as never);
  const pets = world.objects.get('EndpointCertificate team/pets')!;
  world.objects.set('EndpointCertificate team/pets', { ...pets, status: { certificates: [facts('bb')] } } as never);
  const presented = { ...facts('cc'), chain: ['bb'] };
  const endpoint = { endpoint: 'pets.example.com:8443', apis: [], state: 'failed', presented };
  world.put('GatewayNode', 'team/node-1', { spec: {}, status: { endpoints: [endpoint] } });
  const textsOf = (fingerprint: string) => whereUsed(snapshotOf(world), { fingerprint }).map(({ text }) => text);
  assert.deepEqual(textsOf('AA'), [
    'Keystore team/own',
    'TLSClientProfile team/out via Keystore team/own',
    'API team/petstore via TLSClientProfile team/out, Keystore team/own',
  ]);
  assert.deepEqual(textsOf('bb'), [
    'Keystore team/own',
    'TLSClientProfile team/out via Keystore team/own',
    'EndpointCertificate team/pets',
    'API team/petstore via EndpointCertificate team/pets',
    'GatewayNode team/node-1',
  ]);
  assert.deepEqual(textsOf('cc'), ['GatewayNode team/node-1']);
  assert.deepEqual(textsOf('dd'), []);
});

test('an API uses endpoint certificates of its host and port, and of its own or the system’s namespace', () => {
  const world = platform();
  world.endpointCertificate('team/other-port', 'pets.example.com:1', '');
  world.endpointCertificate('apic/foreign', 'pets.example.com:8443', '');
  world.endpointCertificate('chancery-system/shared', 'https://pets.example.com:8443', '');
  const used = (place: string) => whereUsed(snapshotOf(world), objectOf(`EndpointCertificate ${place}`)).length;
  assert.deepEqual(['team/pets', 'team/other-port', 'apic/foreign', 'chancery-system/shared'].map(used), [1, 0, 0, 1]);
});

const size = 5;
const target = fc.nat(size - 1);
const links = fc.record({
  keystores: fc.array(
    fc.oneof(
      target.map((n) => `Keystore ${n}`),
      target.map((n) => `Secret ${n}`),
    ),
    { maxLength: size },
  ),
  truststores: fc.array(
    fc.array(fc.tuple(fc.constantFrom('Truststore', 'Keystore', 'Secret'), target), { maxLength: 3 }),
    {
      maxLength: size,
    },
  ),
  profiles: fc.array(fc.tuple(target, fc.option(target, { nil: undefined })), { maxLength: size }),
  apis: fc.array(fc.option(target, { nil: undefined }), { maxLength: size }),
});

type Links = typeof links extends fc.Arbitrary<infer T> ? T : never;

/** Objects with the links, and every reference that was put in, as [user, used]. */
function build({ keystores, truststores, profiles, apis }: Links): { world: GatewayWorld; refs: [string, string][] } {
  const world = new GatewayWorld();
  const refs: [string, string][] = [];
  const link = (user: string, used: string) => refs.push([user, used]);
  for (const [n, to] of keystores.entries()) {
    const [kind = '', at = ''] = to.split(' ');
    world.keystore(`t/${n}`, kind === 'Secret' ? { secretRef: { name: at } } : { keystoreRef: { name: at } });
    link(`Keystore t/${n}`, `${kind} t/${at}`);
  }
  for (const [n, sources] of truststores.entries()) {
    const field = { Truststore: 'truststoreRef', Keystore: 'keystoreRef', Secret: 'secretRef' } as const;
    const refOf = ([kind, at]: (typeof sources)[number]) => ({
      [field[kind]]: { name: `${at}` },
    });
    world.truststore(`t/${n}`, ...sources.map(refOf));
    for (const [kind, at] of sources) link(`Truststore t/${n}`, `${kind} t/${at}`);
  }
  for (const [n, [keystore, truststore]] of profiles.entries()) {
    const trust = truststore === undefined ? {} : { truststoreRef: { name: `${truststore}` } };
    world.clientProfile(`t/${n}`, { keystoreRef: { name: `${keystore}` }, ...trust });
    link(`TLSClientProfile t/${n}`, `Keystore t/${keystore}`);
    if (truststore !== undefined) link(`TLSClientProfile t/${n}`, `Truststore t/${truststore}`);
  }
  for (const [n, profile] of apis.entries()) {
    const ref = profile === undefined ? {} : { tlsClientProfileRef: { name: `${profile}` } };
    const production: API['spec']['endpoints']['production'] = { url: 'https://pets.example.com', ...ref };
    world.api(`t/${n}`, { endpoints: { production } });
    if (profile !== undefined) link(`API t/${n}`, `TLSClientProfile t/${profile}`);
  }
  return { world, refs };
}

/** Everybody from whom the subject can be reached, found by adding users until nothing is added. */
function closure(refs: readonly [string, string][], subject: string): Set<string> {
  const reached = new Set([subject]);
  for (let before = 0; before !== reached.size;) {
    before = reached.size;
    for (const [user, used] of refs) if (reached.has(used)) reached.add(user);
  }
  reached.delete(subject);
  return reached;
}

test('whereUsed() lists exactly those from whom the references lead to the subject, each by references that exist', () => {
  const subjects = fc.tuple(fc.constantFrom('Secret', 'Keystore', 'Truststore', 'TLSClientProfile'), target);
  fc.assert(
    fc.property(links, subjects, (graph, [kind, n]) => {
      const { world, refs } = build(graph);
      const subject = `${kind} t/${n}`;
      const users = whereUsed(snapshotOf(world), objectOf(subject));
      const termOf = (user: (typeof users)[number]) => `${user.kind} ${user.namespace}/${user.name}`;
      assert.deepEqual(new Set(users.map(termOf)), closure(refs, subject));
      assert.equal(new Set(users.map(termOf)).size, users.length, 'each once');
      for (const user of users) {
        const way = [termOf(user), ...user.via, subject];
        for (const [step, used] of way.slice(1).entries()) {
          assert.ok(
            refs.some(([a, b]) => a === way[step] && b === used),
            `${way[step]} does not refer to ${used}`,
          );
        }
      }
    }),
    { numRuns: 200, seed: 3 },
  );
});

test('whereUsed() looks at a snapshot once, however many questions it is asked', () => {
  const world = platform();
  const snapshot = snapshotOf(world);
  let reads = 0;
  const watched = new Proxy(snapshot, { get: (of, key) => (reads++, Reflect.get(of, key) as unknown) });
  whereUsed(watched, objectOf('Secret team/web-tls'));
  const once = reads;
  for (let n = 0; n < 10; n++) whereUsed(watched, objectOf('Secret team/web-tls'));
  assert.equal(reads, once);
});
