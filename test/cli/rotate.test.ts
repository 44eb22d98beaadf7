import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import {
  certificateKind,
  rotationKind,
  secretKind,
  type Certificate,
  type Rotation,
  type RotationStatus,
  type Secret,
  workloadInstanceKind,
  workloadInstanceName,
} from '#model/resources';
import { startCliFixture, type CliFixture } from './cli-fixture.ts';

let cli: CliFixture;
before(async () => {
  cli = await startCliFixture();
  cli.file('demo.yaml', manifests);
  const { code, err } = await cli.run(['apply', '-f', 'demo.yaml']);
  assert.equal(code, 0, err);
  await until(async () => {
    const found = await Array.fromAsync(cli.client.each<Certificate>(certificateKind, { namespace: 'default' }));
    return found.length === 6 && found.every(({ status }) => status?.notAfter !== undefined);
  });
});
after(() => cli.stop());

const authority = (name: string): string => `
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: { name: ${name}, namespace: default }
spec: { isCA: true, commonName: ${name}, secretName: ${name}, issuerRef: { name: self } }
---
apiVersion: cert-manager.io/v1
kind: Issuer
metadata: { name: ${name}, namespace: default }
spec: { ca: { secretName: ${name} } }
---`;

const leaf = (name: string, issuer: string): string => `
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: { name: ${name}, namespace: default }
spec: { commonName: ${name}, dnsNames: [${name}], secretName: ${name}, issuerRef: { name: ${issuer} } }
---`;

const manifests = `
apiVersion: cert-manager.io/v1
kind: Issuer
metadata: { name: self, namespace: default }
spec: { selfSigned: {} }
---${authority('my-ca')}${authority('fixed-ca')}${authority('idle-ca')}${leaf('server', 'my-ca')}${leaf('caller', 'my-ca')}${leaf('other', 'fixed-ca')}
apiVersion: chancery.dev/v1
kind: TrustBundle
metadata: { name: both, namespace: default }
spec: { sources: [{ certificateRef: { name: my-ca } }] }
---
apiVersion: chancery.dev/v1
kind: Workload
metadata: { name: caller, namespace: default }
spec:
  instances: [{ name: one }]
  presents: [{ name: id, certificateRef: { name: caller } }]
  trusts: [{ name: ca, trustBundleRef: { name: both } }]
  connectsTo: [{ workload: server, presents: id, trusts: ca }]
---
apiVersion: chancery.dev/v1
kind: Workload
metadata: { name: server, namespace: default }
spec:
  reload: { type: restart }
  instances: [{ name: a }, { name: b }]
  presents: [{ name: id, certificateRef: { name: server } }]
  trusts: [{ name: ca, trustBundleRef: { name: both } }]
  listens: [{ name: tls, presents: id, clientTrust: ca, mutualAuthentication: require }]
---
apiVersion: chancery.dev/v1
kind: Workload
metadata: { name: fixed, namespace: default }
spec:
  external: true
  presents: [{ name: id, certificateRef: { name: other } }]
  trusts: [{ name: ca, certificateRef: { name: fixed-ca } }]
`;

test('rotate --dry-run shows what it would do and what is known to break it, and begins nothing', async () => {
  const { code, out, err } = await cli.run(['rotate', 'my-ca', '--dry-run']);
  assert.equal(code, 1);
  assert.match(out, /^Rotation of Certificate "my-ca"\n +CA: +CN=my-ca, ends /);
  assert.match(out, /Issued anew: +2 certificates\n/);
  assert.match(out, /Will restart: +default\/server a, default\/server b\n/);
  assert.match(out, /blocks never-reported: default\/caller one has never reported\.\n +mend: Start its agent/);
  assert.match(err, /the rotation does not begin: 3 known to break it/);
  assert.deepEqual(await rotations(), []);
});

test('rotate says which trust it could not change, and that an external workload is to be vouched for', async () => {
  const { code, out } = await cli.run(['rotate', 'fixed-ca']);
  assert.equal(code, 1);
  assert.match(out, /blocks trust-cannot-be-changed: Workload default\/fixed trusts ca holds the CA in a file/);
  assert.match(out, /waits for external-not-attested: default\/fixed is external/);
  assert.deepEqual(await rotations(), []);
});

for (const { why, args, code, error } of [
  { why: 'a certificate that is no CA', args: ['server'], code: 1, error: /Secret "server" holds no CA/ },
  { why: 'a CA that is not there', args: ['none'], code: 1, error: /"none" not found/ },
  { why: 'a Rotation', args: ['rotation/x'], code: 2, error: /name its CA/ },
  { why: 'both kinds of key', args: ['my-ca', '--new-key', '--same-key'], code: 2, error: /exclude each other/ },
  { why: 'a kind that is no CA', args: ['issuer/x'], code: 2, error: /"issuer\/x" names no CA/ },
]) {
  test(`rotate refuses ${why}`, async () => {
    const said = await cli.run(['rotate', ...args]);
    assert.equal(said.code, code);
    assert.match(said.err, error);
  });
}

for (const verb of ['status', 'report', 'pause', 'resume', 'rollback']) {
  test(`rotate ${verb} tells of a CA that was never rotated`, async () => {
    const { code, err } = await cli.run(['rotate', verb, 'secret/server']);
    assert.equal(code, 1);
    assert.match(err, /no Rotation of Secret "server" in namespace default\n +mend: +Begin one with 'chancery rotate/);
  });
}

test('rotate --dry-run lets the server check a rotation that may begin', async () => {
  await report('caller', ['one']);
  await report('server', ['a', 'b']);
  const { code, out, err } = await cli.run(['rotate', 'my-ca', '--dry-run', '--same-key', '--emergency']);
  assert.equal(code, 1);
  assert.match(err, /a compromised key cannot be kept/);
  assert.match(out, /Will break: +default\/server at default\/caller, until default\/server is issued anew/);
  const dry = await cli.run(['rotate', 'my-ca', '--dry-run', '--reason', 'drill']);
  assert.deepEqual([dry.code, dry.err], [0, '']);
  assert.match(dry.out, /rotation "my-ca-1" would begin \(dry run\)\n$/);
  assert.deepEqual(await rotations(), []);
});

test('rotate takes a CA that was brought along without ca.crt', async () => {
  const { data = {} } = await cli.client.get<Secret>(secretKind, 'idle-ca', 'default');
  const brought = { 'tls.crt': data['tls.crt'], 'tls.key': data['tls.key'] };
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'brought' }, data: brought };
  cli.file('brought.yaml', JSON.stringify(secret));
  assert.equal((await cli.run(['apply', '-f', 'brought.yaml'])).code, 0);
  const { code, out, err } = await cli.run(['rotate', 'secret/brought', '--dry-run']);
  assert.deepEqual([code, err], [0, '']);
  assert.match(out, /CA: +CN=idle-ca/);
});

test('rotate --wait replaces a CA that nobody presents or trusts at once, and ends with it', async () => {
  const { code, out } = await cli.run(['rotate', 'idle-ca', '--wait', '--reason', 'drill']);
  assert.equal(code, 0, out);
  assert.match(out, /Issued anew: +nothing\n[^]*rotation "idle-ca-1" begun\n[^]*: succeeded /);
  assert.equal(out.includes('\u001b'), false);
  const { out: shown } = await cli.run(['rotate', 'status', 'idle-ca', '--wait']);
  assert.match(shown, /^Rotation default\/idle-ca-1: TrustBoth, generation 1\n[^]*idle-ca-1: succeeded /);
});

test('rotate pause, resume and rollback change what runs, until it is over', async () => {
  await held('idle-ca-2', 'idle-ca');
  const paused = await cli.run(['rotate', 'pause', 'idle-ca']);
  assert.equal(paused.out, 'rotation "idle-ca-2" paused; what is under way ends, and nothing new begins\n');
  assert.equal((await cli.run(['rotate', 'resume', 'idle-ca'])).out, 'rotation "idle-ca-2" resumed\n');
  await until(async () => (await rotation('idle-ca-2')).status?.result === 'succeeded');
  const late = await cli.run(['rotate', 'pause', 'idle-ca']);
  assert.match(late.err, /rotation "idle-ca-2" is over since /);
  await held('idle-ca-3', 'idle-ca');
  const back = await cli.run(['rotate', 'rollback', 'rotation/idle-ca-3']);
  assert.equal(back.out, 'rotation "idle-ca-3" going back, in stages\n');
  assert.equal((await rotation('idle-ca-3')).spec.rollback, true);
});

test('rotate refuses a second rotation of a CA', async () => {
  await held('my-ca-2', 'my-ca');
  const second = await cli.run(['rotate', 'my-ca']);
  assert.equal(second.code, 1);
  assert.match(second.err, /Rotation "my-ca-2" of Certificate "my-ca" is under way/);
});

test('rotate attest writes one word for each consumer, about the stage that it was given in', async () => {
  await write('my-ca-2', { stage: 'TrustBoth', generation: 7 });
  const args = ['rotate', 'attest', 'my-ca', '--consumer', 'partner', '--by', 'Eve'];
  const first = await cli.run([...args, '--until', '2999-01-31', '--reason', 'ticket 12']);
  assert.equal(first.out, 'rotation "my-ca-2": default/partner attested by Eve until 2999-01-31T23:59:59Z\n');
  await cli.run([...args, '--until', '2999-02-01T00:00:00Z', '--waive']);
  const { attestations } = (await rotation('my-ca-2')).spec;
  const word = { consumer: 'default/partner', by: 'Eve', until: '2999-02-01T00:00:00Z', waived: true, generation: 7 };
  assert.deepEqual(attestations, [word]);
  for (const wrong of ['2001-01-01', 'tomorrow', '1']) {
    assert.equal((await cli.run([...args, '--until', wrong])).code, 2, wrong);
  }
});

test('rotate status shows where what runs is, and what each workload concerned has reached', async () => {
  const { code, out } = await cli.run(['rotate', 'status', 'my-ca']);
  assert.equal(code, 4);
  assert.match(out, /^Rotation default\/my-ca-2: TrustBoth/);
  assert.match(out, /WORKLOAD +DELIVERED +LOADED +PERSISTED +PROVEN +EXCLUSIVE\n +default\/caller +0\/2 /);
});

test('rotate status -o json is the Rotation, without who owns which field', async () => {
  const { out } = await cli.run(['rotate', 'status', 'rotation/my-ca-2', '-o', 'json']);
  const { kind, metadata } = JSON.parse(out) as Rotation;
  assert.deepEqual([kind, metadata.name, 'managedFields' in metadata], ['Rotation', 'my-ca-2', false]);
});

test('rotate report is a document with each gate and what opened it', async () => {
  await write('my-ca-2', evidence);
  const { code, out } = await cli.run(['rotate', 'report', 'my-ca']);
  assert.equal(code, 0);
  assert.match(out, /^# Rotation default\/my-ca-2\n\n\|  \|  \|\n\| --- \| --- \|\n\| CA \| Certificate "my-ca" \|/);
  assert.match(out, /### both-proven: open since 2026-01-01T00:00:00Z\n\n- default\/server a ca: proven \\<b\\> 1\n/);
  assert.match(out, /\| default\/partner \| waived at generation 7 \| Eve \| 2999-02-01T00:00:00Z \|  \|/);
  assert.match(out, /\| Drain \| 9 \| 2026-01-01T00:00:00Z \|/);
});

test('a CA whose name is that of a verb is rotated with its kind before it', async () => {
  const { err } = await cli.run(['rotate', 'certificate/pause']);
  assert.match(err, /"pause" not found/);
});

/** A namespace with a CA of that name, issued. */
async function declareElsewhere(namespace: string, name: string): Promise<void> {
  const space = `apiVersion: v1\nkind: Namespace\nmetadata: { name: ${namespace} }\n---\n`;
  const self = `apiVersion: cert-manager.io/v1
kind: Issuer
metadata: { name: self, namespace: ${namespace} }
spec: { selfSigned: {} }
---`;
  cli.file('elsewhere.yaml', space + self + authority(name).replaceAll('default', namespace));
  const { code, err } = await cli.run(['apply', '-f', 'elsewhere.yaml']);
  assert.equal(code, 0, err);
  await until(async () => {
    const { status } = await cli.client.get<Certificate>(certificateKind, name, namespace);
    return status?.notAfter !== undefined;
  });
}

test('a CA is found without -n where it is in one namespace only', async () => {
  await declareElsewhere('apart', 'apart-ca');
  const found = await cli.run(['rotate', 'apart-ca', '--dry-run']);
  assert.equal(found.code, 0, found.err);
  assert.match(found.out, /would begin/);
  await declareElsewhere('farther', 'apart-ca');
  const both = await cli.run(['rotate', 'apart-ca', '--dry-run']);
  assert.equal(both.code, 1);
  assert.match(both.err, /"apart-ca" is in several namespaces: apart, farther[\s\S]*Say which with -n/);
  assert.equal((await cli.run(['rotate', 'apart-ca', '--dry-run', '-n', 'farther'])).code, 0);
});

const evidence: RotationStatus = {
  stage: 'Stable',
  generation: 9,
  result: 'succeeded',
  completedTime: '2026-01-02T00:00:00Z',
  gates: [
    { name: 'both-proven', open: true, since: '2026-01-01T00:00:00Z', evidence: ['default/server a ca: proven <b> 1'] },
  ],
  history: [{ stage: 'Drain', generation: 9, at: '2026-01-01T00:00:00Z' }],
};

const rotation = (name: string): Promise<Rotation> => cli.client.get<Rotation>(rotationKind, name, 'default');

const rotations = async (): Promise<string[]> =>
  Array.fromAsync(cli.client.each<Rotation>(rotationKind), ({ metadata }) => metadata.name);

/** A Rotation that no loop moves. */
async function held(name: string, certificate: string): Promise<void> {
  const object = {
    apiVersion: 'chancery.dev/v1',
    kind: 'Rotation',
    metadata: { name, namespace: 'default' },
    spec: { certificateRef: { name: certificate }, paused: true },
  };
  await cli.client.create<Rotation>(rotationKind, object, { namespace: 'default' });
}

async function write(name: string, status: RotationStatus): Promise<void> {
  const request = { namespace: 'default', subresource: 'status' } as const;
  await cli.client.patch(rotationKind, name, 'merge', JSON.parse(JSON.stringify({ status })), request);
}

async function report(name: string, instances: readonly string[]): Promise<void> {
  for (const instance of instances) {
    const metadata = { name: workloadInstanceName(name, instance), namespace: 'default' };
    const spec = { workloadRef: { name }, instance };
    const object = { apiVersion: 'chancery.dev/v1', kind: 'WorkloadInstance', metadata, spec };
    await cli.client.create(workloadInstanceKind, object, { namespace: 'default' });
    const status = { lastSeenTime: '2026-01-01T00:00:00Z' };
    const request = { namespace: 'default', subresource: 'status' } as const;
    await cli.client.patch(workloadInstanceKind, metadata.name, 'merge', { status }, request);
  }
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!(await condition())) {
    assert.ok(Date.now() < deadline, 'it did not come true within 15 s');
    await delay(30);
  }
}
