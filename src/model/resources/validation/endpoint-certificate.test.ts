import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fieldErrorText } from '#model/objects';
import { generateKey, p256 } from '#pki/x509';
import type { EndpointCertificate } from '../endpoint-certificate.ts';
import { context } from '../test-objects.ts';
import { endpointCertificate } from '../test-tls-objects.ts';
import { circle, daysAgo, ladder, make } from '../test-uploads.ts';
import { warnOfEndpointCertificate } from './endpoint-certificate-warnings.ts';
import { validateEndpointCertificate } from './endpoint-certificate.ts';

type Spec = EndpointCertificate['spec'];

const errorsOf = (spec: Partial<Spec>, previous?: Partial<Spec>): string[] =>
  validateEndpointCertificate(endpointCertificate(spec), previous && endpointCertificate(previous), context).map(
    fieldErrorText,
  );

const hosts = ['pets.example.com'];
const own = make({ name: 'pets', hosts });
const root = make({ name: 'root', isCA: true });
const issued = make({ name: 'pets', hosts, issuer: root });
const old = make({ name: 'old', hosts, at: daysAgo(100) });
const coming = make({ name: 'coming', hosts, at: daysAgo(-10) });
const cas = ladder(12);
const deep = make({ name: 'deep', hosts, issuer: cas.at(-1)! });
const narrow = make({ name: 'narrow', isCA: true, excluded: ['example.com'] });
const excluded = make({ name: 'pets', issuer: narrow });
const rings = circle();
const privateKey = generateKey(p256).toPEM('PKCS8');

const cases: readonly { why: string; spec: Partial<Spec>; errors: readonly (string | RegExp)[] }[] = [
  { why: 'a certificate signed by itself', spec: { certificate: own.pem }, errors: [] },
  { why: 'a chain', spec: { certificate: issued.pem + root.pem }, errors: [] },
  { why: 'a chain from the root down', spec: { certificate: root.pem + issued.pem }, errors: [] },
  { why: 'base64 of DER', spec: { certificate: Buffer.from(own.certificate.der).toString('base64') }, errors: [] },
  { why: 'a byte order mark', spec: { certificate: `\u{feff}${own.pem}` }, errors: [] },
  { why: 'one for a later day', spec: { certificate: coming.pem }, errors: [] },
  { why: 'an alias of 64 letters', spec: { alias: 'ü'.repeat(64), certificate: own.pem }, errors: [] },
  {
    why: 'an alias of 65',
    spec: { alias: 'ü'.repeat(65), certificate: own.pem },
    errors: [/^spec\.alias: .*it has 65 characters; at most 64 are allowed$/],
  },
  {
    why: 'an alias of spaces',
    spec: { alias: '  ', certificate: own.pem },
    errors: ['spec.alias: Required value: give the certificate a name'],
  },
  { why: 'an alias on two lines', spec: { alias: 'a\nb', certificate: own.pem }, errors: [/control characters/] },
  {
    why: 'an endpoint without scheme but with a path',
    spec: { endpoint: 'pets.example.com/v1', certificate: own.pem },
    errors: [/^spec\.endpoint: .*write https:\/\/pets\.example\.com\/v1, or only host:port$/],
  },
  {
    why: 'no certificate',
    spec: { certificate: ' ' },
    errors: ['spec.certificate: Required value: paste the certificate as PEM, or a file in base64'],
  },
  { why: 'garbage', spec: { certificate: 'garbage' }, errors: [/^spec\.certificate: Invalid value: "\(not shown\)"/] },
  { why: 'PEM cut off', spec: { certificate: own.pem.slice(0, -40) }, errors: [/^spec\.certificate: Invalid/] },
  { why: 'a private key', spec: { certificate: own.pem + privateKey }, errors: [/private key/] },
  {
    why: 'an expired one',
    spec: { certificate: old.pem },
    errors: [/expired at 2025-.*; set allowExpired to take it nevertheless$/],
  },
  { why: 'an expired one whose root is valid', spec: { certificate: old.pem + root.pem }, errors: [/expired/] },
  { why: 'an expired one by override', spec: { certificate: old.pem, allowExpired: true }, errors: [] },
  {
    why: '11 intermediates',
    spec: { certificate: deep.pem + cas.map(({ pem }) => pem).join('') },
    errors: [/^spec\.certificate: .*10/],
  },
  {
    why: '10 intermediates',
    spec: {
      certificate:
        deep.pem +
        cas
          .slice(1, -1)
          .map(({ pem }) => pem)
          .join(''),
    },
    errors: [],
  },
  { why: 'a circle', spec: { certificate: rings.map(({ pem }) => pem).join('') }, errors: [/circle|cycl|each other/] },
  {
    why: 'a name constraint that excludes the endpoint',
    spec: { certificate: excluded.pem + narrow.pem },
    errors: [/^spec\.endpoint: Invalid value: "pets\.example\.com:8443": a certificate of the chain excludes it/],
  },
];

for (const { why, spec, errors } of cases) {
  test(`validateEndpointCertificate(): ${why}`, () => {
    const found = errorsOf(spec);
    assert.equal(found.length, errors.length, found.join('\n'));
    errors.forEach((wanted, index) => {
      if (typeof wanted === 'string') assert.equal(found[index], wanted);
      else assert.match(found[index]!, wanted);
    });
  });
}

test('no answer holds a byte of a private key that was pasted in', () => {
  const [body] = privateKey.split('\n').slice(1);
  assert.ok(!errorsOf({ certificate: privateKey }).join().includes(body!.slice(0, 16)));
});

test('what has expired since is judged again only with a new spec', () => {
  assert.deepEqual(errorsOf({ certificate: old.pem }, { certificate: old.pem }), []);
  assert.equal(errorsOf({ certificate: old.pem, alias: 'new' }, { certificate: old.pem }).length, 1);
});

/** Made with openssl: RSA 1024, a hundred years. */
const weak = {
  pem: `-----BEGIN CERTIFICATE-----
MIICGTCCAYKgAwIBAgIUQPt1WuN9zEZBHRhpgXB+QnTA76UwDQYJKoZIhvcNAQEL
BQAwDzENMAsGA1UEAwwEd2VhazAgFw0yNjExMjIwMjU5MjBaGA8yMTI2MTAyOTAy
NTkyMFowDzENMAsGA1UEAwwEd2VhazCBnzANBgkqhkiG9w0BAQEFAAOBjQAwgYkC
gYEAtQfWBBEPYUmFnkh4LOFy7cd3hosXyih4S0E1K5xSKh4VqklF6pRzvQY8Ts3Q
TWiLNuArp7b85Rd/izYUNcq8Ls/kfSQgt2qPYIjOR1qdksM52I8Z7CzxjpPetQxI
QRTaA79icuY+/aZgzspMTGlGutsvXKFDN+McsaHOW+ry4FcCAwEAAaNwMG4wHQYD
VR0OBBYEFGglqkEjckLStZrQ7fzZmjTt13STMB8GA1UdIwQYMBaAFGglqkEjckLS
tZrQ7fzZmjTt13STMA8GA1UdEwEB/wQFMAMBAf8wGwYDVR0RBBQwEoIQcGV0cy5l
eGFtcGxlLmNvbTANBgkqhkiG9w0BAQsFAAOBgQCs/0NvKYwwSYamhqpVgc0ciqYl
uz9px3ZM5UrH5n3y6IVCOH4Bepmja2LxXnOakSeyFcyv4BkuObrLqrdbxbX6bWod
XzmVvVoMQmCY6S4rWeNgdIwatl7935sGi48ZJkfrCC3fjngPdkJdyOooV8K+AAAF
AU8qD5LyoQei9F6ZXQ==
-----END CERTIFICATE-----
`,
};

for (const { why, spec, warnings } of [
  { why: 'nothing', spec: { certificate: own.pem }, warnings: [] },
  {
    why: 'a bare host',
    spec: { endpoint: 'pets.example.com', certificate: own.pem },
    warnings: [/^spec\.endpoint: without a port it is trusted on every port/],
  },
  {
    why: 'a path',
    spec: { endpoint: 'https://pets.example.com/v1', certificate: own.pem },
    warnings: [/the path \/v1 does not count/],
  },
  {
    why: 'another host',
    spec: { endpoint: 'dogs.example.com:1', certificate: own.pem },
    warnings: [/its names do not include dogs\.example\.com/],
  },
  { why: 'an authority for any host', spec: { endpoint: 'dogs.example.com:1', certificate: root.pem }, warnings: [] },
  { why: 'an expired one', spec: { certificate: old.pem, allowExpired: true }, warnings: [/expired/] },
  { why: 'one for a later day', spec: { certificate: coming.pem }, warnings: [/not valid before/] },
  {
    why: 'strangers',
    spec: { certificate: own.pem + root.pem },
    warnings: [/1 of its certificates belong to no chain/],
  },
  { why: 'a weak key of a later day', spec: { certificate: weak.pem }, warnings: [/not valid before/, /RSA 1024/] },
]) {
  test(`warnOfEndpointCertificate() tells of ${why}`, () => {
    const found = warnOfEndpointCertificate(endpointCertificate(spec), context.now);
    assert.equal(found.length, warnings.length, found.join('\n'));
    warnings.forEach((wanted, index) => assert.match(found[index]!, wanted));
  });
}
