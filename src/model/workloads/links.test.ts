import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Workload, WorkloadSpec } from '#model/resources';
import { linksOf } from './index.ts';
import type { Link } from './index.ts';

const [own, internal] = [
  { name: 'own', certificateRef: { name: 'own' } },
  { name: 'internal', trustBundleRef: { name: 'b' } },
];

function workload(place: string, spec: WorkloadSpec): Workload {
  const [namespace = '', name = ''] = place.split('/');
  return {
    apiVersion: 'chancery.dev/v1',
    kind: 'Workload',
    metadata: { namespace, name, uid: place, resourceVersion: '1', creationTimestamp: '2026-01-01T00:00:00Z' },
    spec: { presents: [own], trusts: [internal], ...spec },
  };
}

const mutual = { presents: 'own', clientTrust: 'internal', mutualAuthentication: 'require' } as const;

const text = ({ client, server, listen, isMutual }: Link): string => {
  const forth = `${server.workload}:${listen} ${server.presents} -> ${client.workload} ${client.trusts}`;
  return isMutual ? `${forth}; ${client.workload} ${client.presents} -> ${server.workload} ${server.trusts}` : forth;
};

const shown = (...workloads: Workload[]): string[] => linksOf(workloads).links.map(text);

const gateway = workload('team/gateway', {
  site: 'west',
  listens: [{ name: 'https', port: 443, serverName: 'gw', ...mutual }],
});

test('mutual TLS is a link in both directions', () => {
  const portal = workload('team/portal', {
    external: true,
    connectsTo: [{ workload: 'gateway', presents: 'own', trusts: 'internal' }],
  });
  const { links, problems, unlinked } = linksOf([portal, gateway]);
  assert.deepEqual([problems, unlinked], [[], []]);
  assert.deepEqual(links, [
    {
      client: { workload: 'team/portal', site: undefined, external: true, presents: 'own', trusts: 'internal' },
      server: { workload: 'team/gateway', site: 'west', external: false, presents: 'own', trusts: 'internal' },
      listen: 'https',
      port: 443,
      serverName: 'gw',
      isMutual: true,
    },
  ]);
});

const open = { name: 'open', presents: 'own' };
const asking = { name: 'asking', ...mutual, mutualAuthentication: 'request' as const };

test('a call that names no listener goes to each of them, and is mutual where a certificate is asked for', () => {
  const server = workload('team/server', { listens: [open, asking] });
  const client = workload('team/client', { connectsTo: [{ workload: 'server', presents: 'own', trusts: 'internal' }] });
  assert.deepEqual(shown(client, server), [
    'team/server:open own -> team/client internal',
    'team/server:asking own -> team/client internal; team/client own -> team/server internal',
  ]);
});

test('a client that shows nothing to a listener that only asks is a link in one direction', () => {
  const server = workload('team/server', { listens: [asking] });
  const client = workload('other/client', { connectsTo: [{ workload: 'team/server', trusts: 'internal' }] });
  assert.deepEqual(shown(server, client), ['team/server:asking own -> other/client internal']);
});

test('a Workload may call itself, as members of a cluster do', () => {
  const peer = workload('team/peer', {
    listens: [{ name: 'peers', ...mutual }],
    connectsTo: [{ workload: 'peer', presents: 'own', trusts: 'internal' }],
  });
  assert.deepEqual(shown(peer), ['team/peer:peers own -> team/peer internal; team/peer own -> team/peer internal']);
});

interface Case {
  readonly why: string;
  readonly call: NonNullable<WorkloadSpec['connectsTo']>[number];
  readonly reason: string;
  readonly field: string;
  readonly says: RegExp;
}

const cases: readonly Case[] = [
  {
    why: 'a Workload that does not exist',
    call: { workload: 'nobody', trusts: 'internal' },
    reason: 'WorkloadNotFound',
    field: 'spec.connectsTo[0].workload',
    says: /Workload team\/nobody does not exist Create/,
  },
  {
    why: 'a listener that does not exist',
    call: { workload: 'gateway', listen: 'htps', trusts: 'internal' },
    reason: 'ListenerNotFound',
    field: 'spec.connectsTo[0].listen',
    says: /no listener "htps" Name one of "https"/,
  },
  {
    why: 'one that listens nowhere',
    call: { workload: 'deaf', trusts: 'internal' },
    reason: 'NoListener',
    field: 'spec.connectsTo[0].workload',
    says: /team\/deaf listens nowhere Add an entry to spec\.listens/,
  },
  {
    why: 'one that requires a certificate, with none',
    call: { workload: 'gateway', trusts: 'internal' },
    reason: 'ClientCertificateMissing',
    field: 'spec.connectsTo[0].presents',
    says: /listener "https" of Workload team\/gateway requires a client certificate/,
  },
  {
    why: 'with a trust that it does not have',
    call: { workload: 'gateway', presents: 'own', trusts: 'none' },
    reason: 'EntryNotFound',
    field: 'spec.connectsTo[0]',
    says: /Workload team\/client has no entry "none" in spec\.trusts/,
  },
];

for (const { why, call, reason, field, says } of cases) {
  test(`linksOf() answers ${reason} to a call of ${why}`, () => {
    const client = workload('team/client', { connectsTo: [call] });
    const { links, problems } = linksOf([client, gateway, workload('team/deaf', {})]);
    assert.deepEqual(links, []);
    const [problem] = problems;
    assert.equal(problems.length, 1);
    assert.deepEqual([problem!.workload, problem!.reason, problem!.field], ['team/client', reason, field]);
    assert.match(`${problem!.message} ${problem!.hint}`, says);
  });
}

test('linksOf() takes no link for one that works when the server lacks what its listener names', () => {
  const server = workload('team/server', { presents: [], listens: [open] });
  const client = workload('team/client', { connectsTo: [{ workload: 'server', trusts: 'internal' }] });
  const { links, problems } = linksOf([server, client]);
  assert.deepEqual(links, []);
  assert.deepEqual([problems[0]!.reason, problems[0]!.workload], ['EntryNotFound', 'team/client']);
  assert.match(problems[0]!.message, /Workload team\/server has no entry "own" in spec\.presents/);
});

test('Workloads that nobody calls and that call nobody are named', () => {
  const lonely = workload('team/lonely', { listens: [open] });
  const lost = workload('team/lost', { connectsTo: [{ workload: 'nobody', trusts: 'internal' }] });
  assert.deepEqual(linksOf([lost, lonely]).unlinked, ['team/lonely', 'team/lost']);
});

test('the links do not depend on the order of the Workloads, and are all that was declared', () => {
  const calls = fc.array(fc.tuple(fc.nat(5), fc.nat(5)), { maxLength: 12 });
  fc.assert(
    fc.property(calls, fc.infiniteStream(fc.nat(100)), (pairs, sizes) => {
      const distinct = [...new Map(pairs.map((pair) => [pair.join(), pair])).values()];
      const workloads = Array.from({ length: 6 }, (_, n) =>
        workload(`team/w${n}`, {
          listens: [open],
          connectsTo: distinct
            .filter(([from]) => from === n)
            .map(([, to]) => ({ workload: `w${to}`, trusts: 'internal' })),
        }),
      );
      const shuffled = workloads.map((one) => ({ one, at: sizes.next().value })).toSorted((a, b) => a.at - b.at);
      const { links, problems } = linksOf(shuffled.map(({ one }) => one));
      assert.deepEqual(links, linksOf(workloads).links);
      assert.deepEqual([links.length, problems.length], [distinct.length, 0]);
    }),
    { numRuns: 50 },
  );
});

test('a thousand Workloads that all call one gateway are linked at once', () => {
  const server = workload('team/server', { listens: [open] });
  const clients = Array.from({ length: 1000 }, (_, n) =>
    workload(`team/c${n}`, { connectsTo: [{ workload: 'server', trusts: 'internal' }] }),
  );
  const started = performance.now();
  assert.equal(linksOf([server, ...clients]).links.length, 1000);
  assert.ok(performance.now() - started < 1000);
});
