import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { endProcess } from './installation/control-plane.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const program = join(root, 'bin/chancery.js');

interface Finished {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function start(args: readonly string[], cwd: string): ChildProcess {
  return spawn(process.execPath, [program, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
}

async function run(args: readonly string[], cwd: string, input?: Uint8Array): Promise<Finished> {
  const child = spawn(process.execPath, [program, ...args], { cwd });
  child.stdin.end(input);
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  if (child.exitCode === null) await once(child, 'exit');
  return { code: child.exitCode, out, err };
}

/** The first line of the output that begins with `beginning`. */
async function line(child: ChildProcess, beginning: string): Promise<string> {
  for await (const each of createInterface({ input: child.stdout! })) if (each.startsWith(beginning)) return each;
  throw new Error(`ended without a line that begins with ${beginning}: ${await text(child.stderr!)}`);
}

async function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  await endProcess(child, signal);
  return child.exitCode;
}

describe('chancery up with the API Connect example', () => {
  const folder = mkdtempSync(join(tmpdir(), 'chancery-up-'));
  const example = join(root, 'examples/api-connect.yaml');
  const chancery = (...args: string[]): Promise<Finished> => run(args, folder);
  let server: ChildProcess;
  let ready: string;

  before(async () => {
    server = start(['up', '--api-port', '0', '-f', example], folder);
    ready = await line(server, 'Ready');
  });
  after(async () => {
    if (server.exitCode === null) await stop(server, 'SIGKILL');
    rmSync(folder, { recursive: true });
  });

  test('issues all 32 certificates and says so in one line', () => {
    assert.match(ready, /^Ready in [\d.]+ s: 5 of 5 issuers, 32 of 32 certificates\.$/);
  });

  test('leaves a kubeconfig that only its owner can read', () => {
    const path = join(folder, '.chancery/kubeconfig');
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.match(readFileSync(path, 'utf8'), /server: https:\/\/127\.0\.0\.1:\d+/);
  });

  test('get prints the issuers as the concepts page shows them', async () => {
    const { out, code } = await chancery('get', 'issuers', '-n', 'apic');
    assert.equal(code, 0);
    assert.match(
      out,
      /^NAME +READY +AGE\n(.*\n)*abc-management-ca +True +\d+s\n(.*\n)*selfsigning-issuer +True +\d+s\n$/,
    );
  });

  test('get -o wide adds the columns that are wide only', async () => {
    const { out } = await chancery('get', 'cert', 'abc-portal-ca', '-n', 'apic', '-o', 'wide');
    assert.match(
      out,
      /^NAME +READY +SECRET +ISSUER +STATUS +EXPIRATION +AGE\nabc-portal-ca +True +abc-portal-ca +selfsigning-issuer +Certificate is up to date/,
    );
  });

  test('get -o name and -o json print what a script needs', async () => {
    const names = await chancery('get', 'certs', '-n', 'apic', '-o', 'name');
    assert.equal(names.out.trim().split('\n').length, 32);
    const one = await chancery('get', 'cert/cm-endpoint', '-n', 'apic', '-o', 'json');
    assert.equal(JSON.parse(one.out).spec.secretName, 'cm-endpoint');
  });

  test('get of an unknown name fails with code 1 and says what is not there', async () => {
    const { err, code } = await chancery('get', 'cert', 'nope', '-n', 'apic');
    assert.equal(code, 1);
    assert.match(err, /certificates\.cert-manager\.io "nope" not found/);
  });

  test('describe shows the issuer, the conditions and the events', async () => {
    const { out } = await chancery('describe', 'cert', 'abc-management-client', '-n', 'apic');
    assert.match(out, /Issuer Ref:\n +Kind: +Issuer\n +Name: +abc-management-ca/);
    assert.match(out, /Normal +Issuing +\S+ +chancery +The certificate has been successfully issued/);
  });

  test('describe of a Secret shows sizes and never a value', async () => {
    const { out } = await chancery('describe', 'secret', 'abc-management-client', '-n', 'apic');
    assert.match(out, /tls\.key: +\d+ bytes/);
    assert.doesNotMatch(out, /LS0t|BEGIN/);
  });

  test('status says that all is ready, and inspect draws the chain of a Secret', async () => {
    const { out, code } = await chancery('status');
    assert.equal(code, 0);
    assert.match(out, /all ready\n {2}6 of 6 issuers ready\n {2}37 of 37 certificates ready/);
    const inspected = await chancery('inspect', 'secret/apim-endpoint', '-n', 'apic');
    assert.match(inspected.out, /\[2\] CN=ingress-ca .*root CA.*\n +└─ \[1\] CN=apim-endpoint/);
    assert.doesNotMatch(inspected.out, /PRIVATE KEY-----/);
  });

  test('renew makes a new revision', async () => {
    const watching = start(['get', 'cert', 'gateway-peering', '-n', 'apic', '-w'], folder);
    await line(watching, 'gateway-peering');
    const { out } = await chancery('renew', 'gateway-peering', '-n', 'apic');
    assert.equal(out, 'Manually triggered issuance of Certificate apic/gateway-peering\n');
    let revision = 1;
    while (revision < 2) {
      const found = await chancery('get', 'cert/gateway-peering', '-n', 'apic', '-o', 'json');
      revision = JSON.parse(found.out).status.revision;
    }
    assert.equal(await stop(watching, 'SIGTERM'), 0);
  });

  test('apply says created, then unchanged; delete says deleted', async () => {
    const manifest = join(folder, 'one.yaml');
    writeFileSync(manifest, 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: one}\ndata: {a: b}\n');
    assert.equal((await chancery('apply', '-f', manifest)).out, 'configmap/one created\n');
    assert.equal((await chancery('apply', '-f', manifest)).out, 'configmap/one unchanged\n');
    assert.equal((await chancery('delete', '-f', manifest)).out, 'configmap "one" deleted from default namespace\n');
  });

  test('apply names the owner of a field that is in conflict, and how to take it over', async () => {
    const { out } = await chancery('get', 'issuer', 'ingress-issuer', '-n', 'apic', '-o', 'json');
    const { apiVersion, kind } = JSON.parse(out);
    const metadata = { name: 'ingress-issuer', namespace: 'apic' };
    const manifest = join(folder, 'owned.json');
    writeFileSync(manifest, JSON.stringify({ apiVersion, kind, metadata, spec: { ca: { secretName: 'another' } } }));
    const refused = await chancery('apply', '-f', manifest);
    assert.equal(refused.code, 1);
    assert.match(
      refused.err,
      /conflict with "chancery-up".*\.spec\.ca\.secretName\n.*owned\.json.*\n.*--force-conflicts/,
    );
    const forced = await chancery('apply', '-f', manifest, '--force-conflicts', '--dry-run', '-o', 'name');
    assert.equal(forced.out, 'issuer.cert-manager.io/ingress-issuer\n');
  });

  test('status tells what a failing certificate waits for, and exits with 4', async () => {
    const manifest =
      'apiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata: {name: lost, namespace: default}\nspec: {secretName: lost, dnsNames: [a.example.com], issuerRef: {name: ghost}}\n';
    await run(['apply', '-f', '-'], folder, Buffer.from(manifest));
    let reason = '';
    while (!reason.startsWith('Pending')) {
      const { out, code } = await chancery('status', '-n', 'default', '-o', 'json');
      assert.equal(code, 4);
      reason = JSON.parse(out).notReady[0].reason;
    }
    assert.equal(reason, 'Pending: Referenced "Issuer" not found: issuer.cert-manager.io "ghost" not found');
    await chancery('delete', 'cert', 'lost');
  });

  test('inspect reads bytes from the input, and a TLS server by its address', async () => {
    const pem = JSON.parse((await chancery('get', 'secret', 'cm-endpoint', '-n', 'apic', '-o', 'json')).out).data[
      'tls.crt'
    ];
    const der = new X509Certificate(Buffer.from(pem, 'base64')).raw;
    const { out } = await run(['inspect', '-', '-o', 'json'], folder, der);
    assert.equal(JSON.parse(out).items[0].certificate.subject, 'CN=cm-endpoint');
    const address = /127\.0\.0\.1:\d+/.exec(readFileSync(join(folder, '.chancery/kubeconfig'), 'utf8'))![0];
    assert.match((await chancery('inspect', address)).out, /TLSv1\.3.*not trusted[^]*Chancery API CA/);
  });

  test('apply goes on after a refused object, names its place, and exits with 1', async () => {
    const manifest = join(folder, 'two.yaml');
    writeFileSync(
      manifest,
      'apiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata: {name: bad}\nspec: {issuerRef: {name: x}}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: good}\n',
    );
    const { out, err, code } = await chancery('apply', '-f', manifest);
    assert.equal(code, 1);
    assert.match(err, /spec\.secretName: Required value/);
    assert.match(err, /two\.yaml, document 1 \(line 1\)/);
    assert.match(out, /configmap\/good created/);
  });

  test('the viewer reads certificates but no Secret', async () => {
    const viewer = ['--kubeconfig', join(folder, '.chancery/viewer.kubeconfig'), '-n', 'apic'];
    assert.equal((await chancery('get', 'certs', ...viewer)).code, 0);
    const refused = await chancery('get', 'secrets', ...viewer);
    assert.equal(refused.code, 1);
    assert.match(refused.err, /forbidden/i);
  });

  test('a second process on the same directory is refused and told which process has it', async () => {
    const { err, code } = await chancery('up', '--api-port', '0');
    assert.equal(code, 1);
    assert.match(err, new RegExp(`in use by process ${server.pid}\\b`));
  });

  test('SIGTERM ends it cleanly, and a second start finds everything in place under a new key', async () => {
    assert.equal(await stop(server, 'SIGTERM'), 0);
    const rotated = await chancery('rotate-secrets-key');
    assert.match(rotated.out, /^\d+ values in .* are sealed under the new key/);
    server = start(['up', '--api-port', '0'], folder);
    assert.equal(await line(server, 'Ready'), 'Ready.');
    assert.match((await chancery('status')).out, /37 of 37 certificates ready/);
    assert.equal(await stop(server, 'SIGINT'), 0);
  });
});

test('a command line that is wrong exits with 2, and an absent server with 3', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'chancery-cli-'));
  try {
    assert.equal((await run(['get'], folder)).code, 2);
    assert.equal((await run(['frobnicate'], folder)).code, 2);
    assert.match((await run(['rotate-secrets-key'], folder)).err, /there is no database in/);
    const absent = await run(['get', 'certs'], folder);
    assert.equal(absent.code, 3);
    assert.match(absent.err, /mend: +Start a server with 'chancery up'/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
