import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fieldErrorText } from '#model/objects';
import { compileKind } from '../compile/compile-kind.ts';
import type { WorkloadFile } from '../fields/workload-parts.ts';
import { context } from '../test-objects.ts';
import { workload } from '../test-tls-objects.ts';
import { workloadKind } from '../workload.ts';
import type { WorkloadSpec } from '../workload.ts';
import { validateWorkload, warnOfWorkload } from './workload.ts';

const a = { name: 'a' };

interface Case {
  readonly why: string;
  readonly spec: Partial<WorkloadSpec>;
  readonly wanted: readonly RegExp[];
}

const file = (more: Partial<WorkloadFile>): Partial<WorkloadSpec> => ({
  files: [{ path: '/etc/tls/own.pem', content: 'certificate-and-key', of: 'own', format: 'pem', ...more }],
});

const listen = (more: Partial<NonNullable<WorkloadSpec['listens']>[number]>): Partial<WorkloadSpec> => ({
  listens: [{ name: 'https', presents: 'own', ...more }],
});

const call = (more: Partial<NonNullable<WorkloadSpec['connectsTo']>[number]>): Partial<WorkloadSpec> => ({
  connectsTo: [{ workload: 'gateway', trusts: 'internal', ...more }],
});

const asGateway = (more: Partial<WorkloadSpec>): Partial<WorkloadSpec> => ({
  driver: 'gateway',
  gatewayRef: { name: 'front' },
  presents: [{ name: 'own', keystoreRef: a }],
  trusts: [{ name: 'internal', truststoreRef: a }],
  ...more,
});

const gatewayRules = [
  /^spec\.gatewayRef: Required value: name the Gateway/,
  /^spec\.presents\[0\]\.keystoreRef: Required value: a Gateway presents Keystores/,
  /^spec\.trusts\[0\]\.truststoreRef: Required value: a Gateway trusts Truststores/,
];

const cases: readonly Case[] = [
  { why: 'mutual TLS on both sides', spec: {}, wanted: [] },
  { why: 'nothing but a name', spec: { presents: [], trusts: [], listens: [], connectsTo: [] }, wanted: [] },
  {
    why: 'instances at addresses of all kinds',
    spec: { instances: ['h:1', '10.0.0.1:443', '[::1]:65535'].map((address, n) => ({ name: `i${n}`, address })) },
    wanted: [],
  },
  {
    why: 'addresses that are none',
    spec: {
      instances: ['h', 'h:0', 'h:65536', '::1:443', 'https://h:1'].map((address, n) => ({ name: `i${n}`, address })),
    },
    wanted: Array.from({ length: 5 }, (_, n) => new RegExp(`^spec\\.instances\\[${n}\\]\\.address: Invalid`)),
  },
  {
    why: 'a name with a slash',
    spec: { instances: [{ name: 'a/b' }] },
    wanted: [/^spec\.instances\[0\]\.name: Invalid/],
  },
  {
    why: 'an agent beside what is external',
    spec: { external: true, instances: [{ name: 'a', agent: 'agent-1' }] },
    wanted: [/^spec\.instances\[0\]\.agent: Forbidden/],
  },
  {
    why: 'one name for what is presented and what is trusted',
    spec: {
      presents: [{ name: 'own', certificateRef: a }],
      trusts: [
        { name: 'own', trustBundleRef: a },
        { name: 'internal', trustBundleRef: a },
      ],
    },
    wanted: [/^spec\.trusts\[0\]\.name: Duplicate/],
  },
  {
    why: 'entries without origin, or with two',
    spec: {
      presents: [{ name: 'own' }, { name: 'two', certificateRef: a, keystoreRef: a }],
      trusts: [{ name: 'internal' }, { name: 'both', trustBundleRef: a, secretRef: a }],
    },
    wanted: [
      /^spec\.presents\[0\]: Required value: one of certificateRef/,
      /^spec\.presents\[1\]\.keystoreRef: Forbidden/,
      /^spec\.trusts\[0\]: Required value: one of trustBundleRef/,
      /^spec\.trusts\[1\]\.secretRef: Forbidden/,
    ],
  },
  {
    why: 'a key of another namespace',
    spec: { presents: [{ name: 'own', secretRef: { name: 'a', namespace: 'b' } }] },
    wanted: [/^spec\.presents\[0\]\.secretRef\.namespace: Forbidden/],
  },
  {
    why: 'listeners that name what is not there',
    spec: listen({ presents: 'x', clientTrust: 'y', mutualAuthentication: 'request' }),
    wanted: [
      /^spec\.listens\[0\]\.presents: Unsupported value: "x": supported values: "own"/,
      /^spec\.listens\[0\]\.clientTrust: Unsupported value: "y": supported values: "internal"/,
    ],
  },
  {
    why: 'a certificate for clients shown by a server',
    spec: { presents: [{ name: 'own', certificateRef: a, usage: 'client' }], connectsTo: [] },
    wanted: [/^spec\.listens\[0\]\.presents: .*its usage is client/],
  },
  {
    why: 'a certificate for servers shown by a client',
    spec: { presents: [{ name: 'own', certificateRef: a, usage: 'server' }] },
    wanted: [/^spec\.connectsTo\[0\]\.presents: .*its usage is server/],
  },
  {
    why: 'client certificates that nothing checks',
    spec: listen({ mutualAuthentication: 'require' }),
    wanted: [/^spec\.listens\[0\]\.clientTrust: Required value: must be set when mutualAuthentication is require/],
  },
  {
    why: 'a trust for client certificates that nobody asks for',
    spec: listen({ clientTrust: 'internal' }),
    wanted: [/^spec\.listens\[0\]\.clientTrust: Forbidden/],
  },
  {
    why: 'a server name that is none',
    spec: listen({ serverName: 'https://x' }),
    wanted: [/^spec\.listens\[0\]\.serverName: Invalid/],
  },
  { why: 'a Workload of another namespace', spec: call({ workload: 'apic/gateway', listen: 'https' }), wanted: [] },
  {
    why: 'a place with too many parts',
    spec: call({ workload: 'a/b/c' }),
    wanted: [/^spec\.connectsTo\[0\]\.workload: .*a name, or namespace\/name/],
  },
  {
    why: 'a call without trust',
    spec: call({ trusts: 'nothing' }),
    wanted: [/^spec\.connectsTo\[0\]\.trusts: Unsupported value/],
  },
  {
    why: 'the same call twice, spelled in two ways',
    spec: {
      connectsTo: [
        { workload: 'gateway', trusts: 'internal' },
        { workload: 'team/gateway', trusts: 'internal' },
      ],
    },
    wanted: [/^spec\.connectsTo\[1\]: Forbidden: an earlier entry/],
  },
  { why: 'a file with all about it', spec: file({ mode: '0640', owner: 'root:ssl-cert' }), wanted: [] },
  {
    why: 'a keystore with a password',
    spec: file({ path: '/srv/own.jks', format: 'jks', passwordRef: a }),
    wanted: [],
  },
  {
    why: 'a keystore without one',
    spec: file({ format: 'pkcs12' }),
    wanted: [/^spec\.files\[0\]\.passwordRef: Required/],
  },
  {
    why: 'a lone key in a keystore',
    spec: file({ content: 'key', format: 'jks' }),
    wanted: [/^spec\.files\[0\]\.format: .*a key alone is written as pem/],
  },
  {
    why: 'a bundle of what is presented',
    spec: file({ content: 'bundle' }),
    wanted: [/^spec\.files\[0\]\.of: Unsupported value: "own": supported values: "internal"/],
  },
  ...['own.pem', '/etc/../shadow', '/etc//x', '/etc/', '/', '/a\nb', `/${'x'.repeat(2000)}`].map((path) => ({
    why: `the path ${JSON.stringify(path).slice(0, 30)}`,
    spec: file({ path }),
    wanted: [/^spec\.files\[0\]\.path: Invalid/],
  })),
  { why: 'an owner that is none', spec: file({ owner: 'a b' }), wanted: [/^spec\.files\[0\]\.owner: Invalid/] },
  { why: 'files of what is external', spec: { ...file({}), external: true }, wanted: [/^spec\.files: Forbidden/] },
  { why: 'a command', spec: { reload: { type: 'command', command: ['/usr/sbin/nginx', '-s', 'reload'] } }, wanted: [] },
  {
    why: 'a command that is missing',
    spec: { reload: { type: 'command' } },
    wanted: [/^spec\.reload\.command: Required/],
  },
  {
    why: 'an empty command',
    spec: { reload: { type: 'command', command: [''] } },
    wanted: [/^spec\.reload\.command: Inv/],
  },
  {
    why: 'a signal to nobody',
    spec: { reload: { type: 'signal', signal: 'SIGHUP' } },
    wanted: [/^spec\.reload\.pidFile: Required/],
  },
  { why: 'a hook', spec: { reload: { type: 'http', url: 'http://127.0.0.1:9000/reload' } }, wanted: [] },
  {
    why: 'a hook that is a file',
    spec: { reload: { type: 'http', url: 'file:///etc/passwd' } },
    wanted: [/^spec\.reload\.url: .*http or https/],
  },
  {
    why: 'details that are not used',
    spec: { reload: { type: 'hot', url: 'http://h/' } },
    wanted: [/^spec\.reload\.url: Forbidden/],
  },
  {
    why: 'an engine that is none',
    spec: { reload: { type: 'engine' } },
    wanted: [/^spec\.reload\.type: .*the driver files knows no engine/],
  },
  { why: 'an engine', spec: { driver: 'haproxy', reload: { type: 'engine' } }, wanted: [] },
  { why: 'a Gateway that it is', spec: asGateway({}), wanted: [] },
  { why: 'the driver gateway alone', spec: { driver: 'gateway' }, wanted: gatewayRules },
  {
    why: 'a Gateway in another namespace',
    spec: asGateway({ gatewayRef: { name: 'front', namespace: 'other' } }),
    wanted: [/^spec\.gatewayRef\.namespace: Forbidden: a Workload lies in the namespace of its Gateway/],
  },
  {
    why: 'a Gateway and another driver',
    spec: { driver: 'nginx', gatewayRef: a },
    wanted: [/^spec\.gatewayRef: Forbidden: is used only by the driver gateway/],
  },
  {
    why: 'a Gateway for which an agent would write files',
    spec: asGateway({ ...file({}), reload: { type: 'hot' }, instances: [{ name: 'one', agent: 'box' }] }),
    wanted: [
      /^spec\.instances\[0\]\.agent: Forbidden: a node of a Gateway needs no agent/,
      /^spec\.files: Forbidden/,
      /^spec\.reload: Forbidden/,
    ],
  },
  {
    why: 'a Gateway that is external',
    spec: asGateway({ external: true }),
    wanted: [/^spec\.external: Forbidden/],
  },
  {
    why: 'too many files',
    spec: { files: Array.from({ length: 201 }, () => file({}).files![0]!) },
    wanted: [/^spec\.files: Forbidden: at most 200/],
  },
];

for (const { why, spec, wanted } of cases) {
  test(`a Workload with ${why}`, () => {
    const found = validateWorkload(workload(spec), undefined, context).map(fieldErrorText);
    assert.equal(found.length, wanted.length, found.join('\n'));
    wanted.forEach((one, index) => assert.match(found[index]!, one));
  });
}

test('names are unique in their list, by the schema', () => {
  const listens = [
    { name: 'x', presents: 'own' },
    { name: 'x', presents: 'own' },
  ];
  const errors = compileKind(workloadKind).validate(workload({ listens })).map(fieldErrorText);
  assert.equal(errors.length, 1);
  assert.match(errors[0]!, /^spec\.listens\[1\]: Duplicate value/);
});

const warned: readonly { why: string; spec: Partial<WorkloadSpec>; wanted: readonly RegExp[] }[] = [
  { why: 'nothing of one that is whole', spec: {}, wanted: [] },
  { why: 'one without links', spec: { listens: [], connectsTo: [] }, wanted: [/neither listens nor connects/] },
  {
    why: 'a trust that loses what its source loses',
    spec: { trusts: [{ name: 'internal', truststoreRef: a }] },
    wanted: [/^spec\.trusts\[0\]: it is not a TrustBundle/],
  },
  {
    why: 'a key for everybody',
    spec: { ...file({ mode: '0644' }), reload: { type: 'hot' } },
    wanted: [/^spec\.files\[0\]\.mode: everybody/],
  },
  {
    why: 'a key whose certificate is in no file',
    spec: { ...file({ content: 'key' }), reload: { type: 'hot' } },
    wanted: [/its certificate is in no file/],
  },
  { why: 'no way to reload', spec: file({}), wanted: [/^spec\.reload: nothing says/] },
  { why: 'restarts by hand', spec: { reload: { type: 'restart' } }, wanted: [/people must restart it/] },
];

for (const { why, spec, wanted } of warned) {
  test(`warnOfWorkload() tells of ${why}`, () => {
    const found = warnOfWorkload(workload(spec));
    assert.equal(found.length, wanted.length, found.join('\n'));
    wanted.forEach((one, index) => assert.match(found[index]!, one));
  });
}

test('a Workload is found by what it names, whom it calls, the Gateway that it is, and its agents', () => {
  const one = workload({
    instances: [{ name: 'a', agent: 'agent-1' }, { name: 'b', agent: 'agent-1' }, { name: 'c' }],
    presents: [
      { name: 'own', secretRef: a },
      { name: 'k', keystoreRef: a },
    ],
    connectsTo: [
      { workload: 'gateway', trusts: 'internal' },
      { workload: 'apic/other', trusts: 'internal' },
    ],
    ...file({ format: 'jks', passwordRef: { name: 'words' } }),
  });
  const terms = (index: string) => workloadKind.indexes[index]!(one);
  assert.deepEqual([terms('secret'), terms('keystore')], [['team/a', 'team/words'], ['team/a']]);
  assert.deepEqual([terms('trustBundle'), terms('truststore'), terms('certificate')], [['team/internal'], [], []]);
  assert.deepEqual([terms('workload'), terms('agent')], [['team/gateway', 'apic/other'], ['agent-1']]);
  assert.deepEqual(workloadKind.indexes['gateway']!(workload(asGateway({}))), ['team/front']);
});

test('no path that validation accepts leaves the folder that it seems to be in', () => {
  const part = fc.constantFrom('a', '..', '.', '', 'b c', '\0', '...', 'x/y');
  fc.assert(
    fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
      const path = `/${parts.join('/')}`;
      const isAccepted = validateWorkload(workload(file({ path })), undefined, context).length === 0;
      const { pathname } = new URL(`file://${path.replaceAll(' ', '%20')}`);
      if (isAccepted) assert.equal(pathname.replaceAll('%20', ' '), path);
    }),
    { numRuns: 300 },
  );
});
