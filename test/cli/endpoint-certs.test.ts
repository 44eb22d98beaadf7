import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { writePKCS12 } from '#pki/keystore';
import { createAuthority, issueCertificate } from '#pki/issuance';
import { encodeName, generateKey, nameFromSubject, p256 } from '#pki/x509';
import { apiKind, type API } from '#model/resources';
import { startCliFixture, type CliFixture } from './cli-fixture.ts';

let cli: CliFixture;
before(async () => {
  cli = await startCliFixture();
  const endpoints = { production: { url: 'https://pets.example.com:8443/api' } };
  const spec: API['spec'] = { version: '1.0.0', basePath: '/petstore/v1', endpoints };
  const metadata = { name: 'petstore', namespace: 'default' };
  await cli.client.create<API>(apiKind, { apiVersion: 'chancery.dev/v1', kind: 'API', metadata, spec });
});
after(() => cli.stop());

const day = 24 * 3600;

/** A self-signed certificate, valid for `days` from `from` on. */
function selfSigned(commonName: string, days = 90, from = new Date()) {
  const order = {
    key: generateKey(p256),
    subject: encodeName(nameFromSubject({ commonName })),
    altNames: [{ type: 'dns', value: 'pets.example.com' } as const],
    keyUsages: ['digital signature' as const],
    extendedKeyUsages: [],
    isCA: false,
    durationSeconds: days * day,
    withRequest: false,
  };
  return issueCertificate(order, undefined, from).issued.certificate;
}

test('endpoint-certs add trusts the certificate of a file, and list and show tell of it', async () => {
  const certificate = selfSigned('pets');
  cli.file('pets.pem', certificate.toPEM());
  const added = await cli.run(['endpoint-certs', 'add', 'pets', 'https://pets.example.com:8443', 'pets.pem']);
  assert.equal(added.err, '');
  assert.deepEqual(
    [added.code, added.out],
    [0, 'endpoint certificate "pets" added for https://pets.example.com:8443\n'],
  );
  await untilShown('pets', /Used by:\s+API default\/petstore/);
  const { out: list } = await cli.run(['endpoint-certs', 'list']);
  assert.match(list, /^ALIAS +ENDPOINT +SUBJECT +ISSUER +EXPIRES +FINGERPRINT +STATUS +USED BY +PROVEN\n/);
  assert.match(
    list,
    /^pets +pets\.example\.com:8443 +CN=pets +itself +in 89d +[0-9a-f]{12} +Ready +API default\/petstore +-$/m,
  );
  const { out: shown } = await cli.run(['endpoint-certs', 'show', 'pets']);
  assert.match(shown, new RegExp(`SHA-256: +${certificate.fingerprint}`));
});

test('endpoint-certs usage and where-used name the APIs, by alias, object, fingerprint and file', async () => {
  const { fingerprint } = selfSigned('pets');
  const [first] = (await cli.run(['endpoint-certs', 'list', '-o', 'json'])).out
    .match(/"fingerprint": "([0-9a-f]{64})"/)!
    .slice(1);
  for (const args of [
    ['endpoint-certs', 'usage', 'pets'],
    ['where-used', 'endpointcertificate/pets'],
    ['where-used', first!],
    ['where-used', first!.toUpperCase().replaceAll(/(..)(?=.)/g, '$1:')],
    ['where-used', 'pets.pem'],
  ]) {
    const { code, out } = await cli.run(args);
    assert.equal(code, 0, args.join(' '));
    assert.match(out, /^API +default +petstore/m, args.join(' '));
  }
  const nobody = await cli.run(['where-used', fingerprint]);
  assert.match(nobody.out, /^Nobody uses /);
});

test('endpoint-certs remove is refused while an API uses it, naming the API; with a reason it is recorded', async () => {
  const refused = await cli.run(['endpoint-certs', 'remove', 'pets']);
  assert.equal(refused.code, 1);
  assert.match(refused.err, /used by .*API default\/petstore/);
  const empty = await cli.run(['endpoint-certs', 'remove', 'pets', '--force', ' ']);
  assert.equal(empty.code, 2);
  const forced = await cli.run(['endpoint-certs', 'remove', 'pets', '--force', 'moved to another backend']);
  assert.deepEqual([forced.code, forced.out], [0, 'endpoint certificate "pets" removed\n']);
  await until(async () => /moved to another backend/.test((await cli.run(['get', 'events', '-o', 'json'])).out));
});

test('endpoint-certs replace puts another certificate under the alias', async () => {
  cli.file('old.pem', selfSigned('old').toPEM());
  cli.file('new.pem', selfSigned('new').toPEM());
  await cli.run(['endpoint-certs', 'add', 'Backend One', 'one.example.com', 'old.pem']);
  const { out } = await cli.run(['endpoint-certs', 'replace', 'Backend One', 'new.pem']);
  assert.equal(out, 'endpoint certificate "Backend One" replaced\n');
  await untilShown('Backend One', /Subject: +CN=new/);
  const shown = await cli.run(['endpoint-certs', 'show', 'Backend One']);
  assert.match(shown.out, /Endpoint: +one\.example\.com, every port/);
});

test('endpoint-certs add reads PKCS#12 with a password that stays here, and - for the input', async () => {
  const certificate = selfSigned('from p12');
  const entries = [{ type: 'trusted' as const, alias: 'backend', certificate: certificate.der }];
  const random = (size: number): Uint8Array => randomBytes(size);
  const file = writePKCS12({ entries }, { password: 'sésame', profile: 'Modern2023', random });
  cli.file('password', 'sésame\n');
  const args = ['endpoint-certs', 'add', 'p12', 'p12.example.com:443', '-'];
  const wrong = await cli.run(args, { input: file, env: { CHANCERY_PASSWORD: 'other' } });
  assert.equal(wrong.code, 1);
  assert.match(wrong.err, /password/i);
  assert.equal(wrong.err.includes('other'), false);
  const added = await cli.run([...args, '--password-file', 'password'], { input: file });
  assert.equal(added.code, 0, added.err);
});

const expired = selfSigned('expired', 1, new Date(Date.now() - 3 * day * 1000));

for (const { why, args, content, error } of [
  {
    why: 'an alias that is taken',
    args: ['taken', 'a.example.com', 'FILE'],
    content: selfSigned('b').toPEM(),
    error: /already exists/,
  },
  { why: 'a file without a certificate', args: ['x', 'a.example.com', 'FILE'], content: 'hello', error: /FILE/i },
  { why: 'an empty file', args: ['x', 'a.example.com', 'FILE'], content: '', error: /empty/ },
  {
    why: 'a file of 50 MB',
    args: ['x', 'a.example.com', 'FILE'],
    content: 'x'.repeat(50_000_000),
    error: /47\.7 MiB; at most 16/,
  },
  {
    why: 'a file that is not there',
    args: ['x', 'a.example.com', 'nowhere'],
    content: 'x',
    error: /no file "nowhere"/,
  },
  {
    why: 'an endpoint without a scheme but with a path',
    args: ['x', 'a.example.com/api', 'FILE'],
    content: selfSigned('c').toPEM(),
    error: /write https:\/\/a\.example\.com\/api/,
  },
  { why: 'an expired certificate', args: ['x', 'a.example.com', 'FILE'], content: expired.toPEM(), error: /expired/ },
]) {
  test(`endpoint-certs add refuses ${why}, and changes nothing`, async () => {
    if (why.startsWith('an alias'))
      await cli.run(['endpoint-certs', 'add', 'taken', 'a.example.com', cli.file('FILE', content)]);
    cli.file('FILE', content);
    const before = await aliases();
    const { code, err } = await cli.run(['endpoint-certs', 'add', ...args]);
    assert.equal(code, 1);
    assert.match(err, error);
    assert.deepEqual(await aliases(), before);
  });
}

test('endpoint-certs add takes an expired certificate with an explicit override', async () => {
  const args = ['endpoint-certs', 'add', 'expired', 'e.example.com:1', cli.file('e.pem', expired.toPEM())];
  const { code, err } = await cli.run([...args, '--allow-expired']);
  assert.equal(code, 0, err);
});

test('endpoint-certs show, usage, replace and remove tell of an unknown alias', async () => {
  const file = cli.file('any.pem', selfSigned('any').toPEM());
  for (const args of [
    ['show', 'none'],
    ['usage', 'none'],
    ['remove', 'none'],
    ['replace', 'none', file],
  ]) {
    const { code, err } = await cli.run(['endpoint-certs', ...args]);
    assert.equal(code, 1);
    assert.match(err, /no endpoint certificate with the alias "none" in namespace default/);
  }
});

test('endpoint-certs add says of an intermediate-signed file what the chain is', async () => {
  const rootKey = generateKey(p256);
  const order = (commonName: string, key: typeof rootKey, isCA: boolean) => ({
    key,
    subject: encodeName(nameFromSubject({ commonName })),
    altNames: [],
    keyUsages: isCA ? (['cert sign'] as const) : (['digital signature'] as const),
    extendedKeyUsages: [],
    isCA,
    durationSeconds: day,
    withRequest: false,
  });
  const root = issueCertificate(order('root', rootKey, true), undefined, new Date()).issued.certificate;
  const leaf = issueCertificate(order('leaf', generateKey(p256), false), createAuthority([root], rootKey), new Date());
  cli.file('chain.pem', root.toPEM() + leaf.issued.certificate.toPEM());
  await cli.run(['endpoint-certs', 'add', 'chain', 'c.example.com', 'chain.pem']);
  await untilShown('chain', /Subject: +CN=root/);
  assert.match((await cli.run(['endpoint-certs', 'show', 'chain'])).out, /Subject: +CN=leaf/);
});

async function aliases(): Promise<string[]> {
  const { out } = await cli.run(['endpoint-certs', 'list', '-o', 'json']);
  return out === ''
    ? []
    : (JSON.parse(out) as { items: { spec: { alias: string } }[] }).items.map(({ spec }) => spec.alias);
}

const untilShown = (alias: string, pattern: RegExp): Promise<void> =>
  until(async () => pattern.test((await cli.run(['endpoint-certs', 'show', alias])).out));

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await condition())) assert.ok(Date.now() < deadline, 'it did not come true within 10 s');
}
