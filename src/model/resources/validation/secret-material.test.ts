import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fieldErrorText } from '#model/objects';
import { secretKind } from '../secret.ts';
import type { Secret } from '../secret.ts';
import { context, secret } from '../test-objects.ts';
import { daysAgo, keystoreFile, make } from '../test-uploads.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const own = make({ name: 'own' });
const other = make({ name: 'other' });
const old = make({ name: 'old', at: daysAgo(100) });
const key = base64(own.key.toPEM('PKCS8'));
const password = base64('changeit');
const files = {
  PKCS12: keystoreFile('PKCS12', own, 'changeit'),
  JKS: keystoreFile('JKS', own, 'changeit'),
  JCEKS: keystoreFile('JCEKS', own, 'changeit'),
};

const upload = (type: 'keystore' | 'truststore', data: Record<string, string>): Secret =>
  secret({ type: `chancery.dev/${type}`, data });
const errorsOf = (next: Secret, previous?: Secret): string[] =>
  secretKind.validate!(next, previous, context).map(fieldErrorText);

const cases: readonly { why: string; next: Secret; errors: readonly (string | RegExp)[] }[] = [
  ...Object.entries(files).map(([format, keystore]) => ({
    why: `a ${format} file with its password`,
    next: upload('keystore', { keystore, password }),
    errors: [],
  })),
  {
    why: 'PEM in one file',
    next: upload('keystore', { keystore: base64(own.pem + own.key.toPEM('PKCS8')) }),
    errors: [],
  },
  { why: 'a pair of files', next: upload('keystore', { 'tls.crt': base64(own.pem), 'tls.key': key }), errors: [] },
  { why: 'a truststore', next: upload('truststore', { truststore: base64(own.pem) }), errors: [] },
  { why: 'a password that lies elsewhere', next: upload('keystore', { keystore: files.PKCS12 }), errors: [] },
  {
    why: 'nothing',
    next: upload('keystore', {}),
    errors: ['data[keystore]: Required value: a keystore file, or tls.crt and tls.key'],
  },
  {
    why: 'half a pair',
    next: upload('keystore', { 'tls.crt': base64(own.pem) }),
    errors: ['data[tls.key]: Required value'],
  },
  {
    why: 'a file and a pair',
    next: upload('keystore', { keystore: files.JKS, 'tls.crt': '' }),
    errors: ['data[tls.crt]: Forbidden: cannot be set together with data[keystore]'],
  },
  {
    why: 'no truststore',
    next: upload('truststore', { password }),
    errors: ['data[truststore]: Required value: a file with certificates'],
  },
  {
    why: 'the wrong password',
    next: upload('keystore', { keystore: files.PKCS12, password: base64('wrong') }),
    errors: [/^data\[keystore\]: Invalid value: "\(not shown\)": .*password/],
  },
  {
    why: 'a key of another certificate',
    next: upload('keystore', { 'tls.crt': base64(other.pem), 'tls.key': key }),
    errors: [/^data: Invalid value: "\(not shown\)": .*tls\.key/],
  },
  {
    why: 'an expired certificate',
    next: upload('keystore', { 'tls.crt': base64(old.pem), 'tls.key': base64(old.key.toPEM('PKCS8')) }),
    errors: [/^data: .*expired/],
  },
  {
    why: 'half a file',
    next: upload('keystore', { keystore: files.JKS.slice(0, 400), password }),
    errors: [/^data\[keystore\]: Invalid value/],
  },
  { why: 'certificates only', next: upload('keystore', { keystore: base64(own.pem) }), errors: [/private key/] },
  {
    why: 'a key among what is trusted',
    next: upload('truststore', { truststore: base64(own.pem + own.key.toPEM('PKCS8')) }),
    errors: [/^data\[truststore\]: .*private key/],
  },
  { why: 'no base64', next: upload('keystore', { keystore: '*' }), errors: [/illegal base64/] },
  { why: 'another type is not looked into', next: secret({ data: { keystore: base64('garbage') } }), errors: [] },
];

for (const { why, next, errors } of cases) {
  test(`an upload with ${why}`, () => {
    const found = errorsOf(next);
    assert.equal(found.length, errors.length, found.join('\n'));
    errors.forEach((wanted, index) => {
      if (typeof wanted === 'string') assert.equal(found[index], wanted);
      else assert.match(found[index]!, wanted);
    });
  });
}

test('an upload is judged again only when its values change', () => {
  const expired = upload('keystore', { keystore: base64(old.pem + old.key.toPEM('PKCS8')) });
  const relabelled = { ...expired, metadata: { ...expired.metadata, labels: { a: 'b' } } };
  assert.deepEqual(errorsOf(relabelled, expired), []);
  assert.equal(errorsOf(expired, upload('keystore', { keystore: files.JKS, password })).length, 1);
});

test('a damaged upload is refused or taken, and its answer holds no part of it', () => {
  const bytes = Buffer.from(files.PKCS12, 'base64');
  const places = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(places, (changes) => {
      const damaged = Buffer.from(bytes);
      for (const [at, value] of changes) damaged[at] = value;
      for (const text of errorsOf(upload('keystore', { keystore: damaged.toString('base64'), password }))) {
        assert.ok(text.length < 2000 && !text.includes('changeit'), text);
      }
    }),
    { numRuns: 60 },
  );
});

test('remarks come from the same reading as the rules', () => {
  const plain = upload('keystore', { keystore: files.JKS });
  errorsOf(plain);
  assert.deepEqual(secretKind.warnings!(plain, context), []);
  const mixed = upload('truststore', { truststore: base64(old.pem + own.pem) });
  errorsOf(mixed);
  assert.match(secretKind.warnings!(mixed, context).join(), /^data: entry 1.*expired/);
});
