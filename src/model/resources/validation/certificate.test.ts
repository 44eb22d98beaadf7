import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fieldErrorText } from '#model/objects';
import type { Certificate } from '../certificate.ts';
import { certificate } from '../test-objects.ts';
import { validateCertificate } from './certificate.ts';

type Spec = Partial<Certificate['spec']>;

const errorsOf = (spec: Spec): string[] => validateCertificate(certificate(spec)).map(fieldErrorText);

const nameless: Spec = { dnsNames: undefined };
const noIdentity =
  'spec: Invalid value: "": at least one of commonName (from the commonName field or from a literalSubject), dnsNames, emailSANs, ipAddresses, otherNames, or uriSANs must be set';
const exclusive = 'renewBefore and renewBeforePercentage are mutually exclusive and cannot both be set';
const cronForm = 'cron needs to follow: cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow';
const window = { cron: '0 2 * * *', windowDuration: '4h' };

const refused: readonly { why: string; spec: Spec; errors: readonly (string | RegExp)[] }[] = [
  {
    why: 'an empty Secret name',
    spec: { secretName: '' },
    errors: ['spec.secretName: Required value: must be specified'],
  },
  {
    why: 'a Secret name that no Secret can have',
    spec: { secretName: 'Web_TLS' },
    errors: [/^spec\.secretName: Invalid value: "Web_TLS": a lowercase RFC 1123 subdomain must consist/],
  },
  {
    why: 'an issuer without a name',
    spec: { issuerRef: { name: '' } },
    errors: ['spec.issuerRef.name: Required value: must be specified'],
  },
  {
    why: 'an external kind whose group was forgotten',
    spec: { issuerRef: { name: 'x', kind: 'AWSPCAIssuer' } },
    errors: [
      'spec.issuerRef.kind: Invalid value: "AWSPCAIssuer": must be one of Issuer or ClusterIssuer (did you forget to set spec.issuerRef.kind.group?)',
    ],
  },
  {
    why: 'an unknown kind in the own group gets no hint',
    spec: { issuerRef: { name: 'x', kind: 'issuer', group: 'cert-manager.io' } },
    errors: ['spec.issuerRef.kind: Invalid value: "issuer": must be one of Issuer or ClusterIssuer'],
  },
  { why: 'nothing to certify', spec: nameless, errors: [noIdentity] },
  {
    why: 'a literal subject without CN is no identity',
    spec: { ...nameless, literalSubject: 'O=Corp.' },
    errors: [noIdentity],
  },
  {
    why: 'a literal subject beside a common name',
    spec: { literalSubject: 'CN=a', commonName: 'a' },
    errors: ['spec.commonName: Invalid value: "a": When providing a `LiteralSubject` no `commonName` may be provided.'],
  },
  {
    why: 'a literal subject beside subject fields',
    spec: { literalSubject: 'CN=a', subject: { organizations: ['b'] } },
    errors: [
      'spec.subject: Invalid value: {"organizations":["b"]}: When providing a `LiteralSubject` no `Subject` properties may be provided.',
    ],
  },
  {
    why: 'an attribute type that nobody knows',
    spec: { literalSubject: 'CN=a,FOO=bar' },
    errors: [
      'spec.literalSubject: Invalid value: "CN=a,FOO=bar": Literal subject contains unrecognized key with value [bar]',
    ],
  },
  {
    why: 'a literal subject that is no name',
    spec: { literalSubject: 'foo' },
    errors: [/^spec\.literalSubject: Invalid value: "foo": /],
  },
  {
    why: '65 bytes of common name',
    spec: { commonName: 'a'.repeat(65) },
    errors: ['spec.commonName: Too long: may not be more than 64 bytes'],
  },
  {
    why: 'the limit counts bytes, not characters',
    spec: { commonName: 'ä'.repeat(33) },
    errors: ['spec.commonName: Too long: may not be more than 64 bytes'],
  },
  {
    why: 'the CN of a literal subject is limited too',
    spec: { literalSubject: `CN=${'a'.repeat(65)}` },
    errors: ['spec.commonName: Too long: may not be more than 64 bytes'],
  },
  {
    why: 'not an IP address',
    spec: { ipAddresses: ['10.0.0.1', '10.0.0.256'] },
    errors: ['spec.ipAddresses[1]: Invalid value: "10.0.0.256": invalid IP address'],
  },
  {
    why: 'zones mean nothing in a certificate',
    spec: { ipAddresses: ['fe80::1%eth0'] },
    errors: ['spec.ipAddresses[0]: Invalid value: "fe80::1%eth0": invalid IP address'],
  },
  {
    why: 'an address with a display name',
    spec: { emailAddresses: ['Alice <alice@example.com>'] },
    errors: [
      'spec.emailAddresses[0]: Invalid value: "Alice <alice@example.com>": invalid email address: make sure the supplied value only contains the email address itself',
    ],
  },
  {
    why: 'no address at all',
    spec: { emailAddresses: ['alice'] },
    errors: [`spec.emailAddresses[0]: Invalid value: "alice": invalid email address: mail: missing '@' or angle-addr`],
  },
  {
    why: 'a bad domain',
    spec: { emailAddresses: ['a@b..c'] },
    errors: [/^spec\.emailAddresses\[0\].*invalid email address: /],
  },
  {
    why: 'an other name without anything',
    spec: { otherNames: [{}] },
    errors: [
      'spec.otherNames[0].oid: Required value: must be specified',
      'spec.otherNames[0].oid: Invalid value: "": invalid oid syntax',
      'spec.otherNames[0].utf8Value: Required value: must be set to a valid non-empty UTF8 string',
    ],
  },
  {
    why: 'an OID that cannot be encoded',
    spec: { otherNames: [{ oid: '1.40.1', utf8Value: 'a' }] },
    errors: ['spec.otherNames[0].oid: Invalid value: "1.40.1": invalid oid syntax'],
  },
  {
    why: 'half of a surrogate pair',
    spec: { otherNames: [{ oid: '1.2.3', utf8Value: '\ud800' }] },
    errors: ['spec.otherNames[0].utf8Value: Required value: must be set to a valid non-empty UTF8 string'],
  },
  {
    why: 'a weak RSA key',
    spec: { privateKey: { size: 1024 } },
    errors: ['spec.privateKey.size: Invalid value: 1024: must be between 2048 and 8192 for rsa keyAlgorithm'],
  },
  {
    why: 'an RSA key that takes minutes',
    spec: { privateKey: { algorithm: 'RSA', size: 8193 } },
    errors: ['spec.privateKey.size: Invalid value: 8193: must be between 2048 and 8192 for rsa keyAlgorithm'],
  },
  {
    why: 'no such curve',
    spec: { privateKey: { algorithm: 'ECDSA', size: 255 } },
    errors: ['spec.privateKey.size: Unsupported value: 255: supported values: "256", "384", "521"'],
  },
  {
    why: 'a signature that the key cannot make',
    spec: { signatureAlgorithm: 'PureEd25519' },
    errors: [
      'spec.signatureAlgorithm: Invalid value: "PureEd25519": for key algorithm RSA the allowed signature algorithms are [SHA256WithRSA SHA384WithRSA SHA512WithRSA]',
    ],
  },
  {
    why: 'Go has no unit for days',
    spec: { duration: '90d' },
    errors: [
      'spec.duration: Invalid value: "90d": time: unknown unit "d" in duration "90d"; write hours, minutes and seconds, such as 2160h or 1h30m',
    ],
  },
  {
    why: 'less than an hour',
    spec: { duration: '59m59s' },
    errors: ['spec.duration: Invalid value: "59m59s": certificate duration must be greater than 1h0m0s'],
  },
  {
    why: 'less than five minutes',
    spec: { renewBefore: '299s' },
    errors: ['spec.renewBefore: Invalid value: "4m59s": certificate renewBefore must be greater than 5m0s'],
  },
  {
    why: 'renewed before it is issued',
    spec: { duration: '1h', renewBefore: '2h' },
    errors: [
      'spec.renewBefore: Invalid value: "2h0m0s": certificate duration 1h0m0s must be greater than renewBefore 2h0m0s',
    ],
  },
  {
    why: 'the default duration counts when none is given',
    spec: { renewBefore: '2160h' },
    errors: [
      'spec.renewBefore: Invalid value: "2160h0m0s": certificate duration 2160h0m0s must be greater than renewBefore 2160h0m0s',
    ],
  },
  {
    why: 'both ways to say when to renew',
    spec: { renewBefore: '24h', renewBeforePercentage: 50 },
    errors: [
      `spec.renewBefore: Invalid value: "24h0m0s": ${exclusive}`,
      `spec.renewBeforePercentage: Invalid value: 50: ${exclusive}`,
    ],
  },
  {
    why: 'validation takes the percentage the other way round than renewing does: 100 leaves nothing',
    spec: { duration: '24h', renewBeforePercentage: 100 },
    errors: [
      'spec.renewBeforePercentage: Invalid value: 100: certificate renewBeforePercentage must result in a renewBefore greater than 5m0s',
    ],
  },
  {
    why: 'and 0 leaves all',
    spec: { duration: '24h', renewBeforePercentage: 0 },
    errors: [
      'spec.renewBeforePercentage: Invalid value: 0: certificate renewBeforePercentage must result in a renewBefore less than duration',
    ],
  },
  {
    why: 'no history at all',
    spec: { revisionHistoryLimit: 0 },
    errors: ['spec.revisionHistoryLimit: Invalid value: 0: must not be less than 1'],
  },
  {
    why: 'an annotation that belongs to cert-manager',
    spec: {
      secretTemplate: { annotations: { 'cert-manager.io/foo': 'x', 'cert-manager.io/allow-direct-injection': 'true' } },
    },
    errors: [
      'spec.secretTemplate.annotations: Invalid value: "cert-manager.io/foo": cert-manager.io/* annotations are not allowed',
    ],
  },
  {
    why: 'a label value that no label can have',
    spec: { secretTemplate: { labels: { a: 'x y' } } },
    errors: [/^spec\.secretTemplate\.labels: Invalid value: "x y": a valid label must be/],
  },
  {
    why: 'a label key that no label can have',
    spec: { secretTemplate: { labels: { 'a b': 'x' } } },
    errors: [/^spec\.secretTemplate\.labels: Invalid value: "a b": name part must consist/],
  },
  {
    why: 'name constraints on a leaf',
    spec: { nameConstraints: { permitted: {} } },
    errors: ['spec.nameConstraints: Invalid value: {"permitted":{}}: isCa should be true when nameConstraints is set'],
  },
  {
    why: 'name constraints that constrain nothing',
    spec: { isCA: true, nameConstraints: {} },
    errors: ['spec.nameConstraints: Invalid value: {}: either permitted or excluded must be set'],
  },
  {
    why: 'an address where a range is wanted',
    spec: { isCA: true, nameConstraints: { excluded: { ipRanges: ['10.0.0.0/8', '10.0.0.1', '::/129'] } } },
    errors: [
      'spec.nameConstraints.excluded.ipRanges[1]: Invalid value: "10.0.0.1": invalid CIDR address',
      'spec.nameConstraints.excluded.ipRanges[2]: Invalid value: "::/129": invalid CIDR address',
    ],
  },
  {
    why: 'the same output twice',
    spec: { additionalOutputFormats: [{ type: 'DER' }, { type: 'DER' }] },
    errors: ['spec.additionalOutputFormats[type]: Duplicate value: "DER"'],
  },
  {
    why: 'two passwords',
    spec: { keystores: { jks: { create: true, password: 'a', passwordSecretRef: { name: 'p' } } } },
    errors: [
      'spec.keystores.jks: Forbidden: exactly one of passwordSecretRef and password must be provided for JKS keystores; cannot set both',
    ],
  },
  {
    why: 'no password',
    spec: { keystores: { pkcs12: { create: true } } },
    errors: [
      'spec.keystores.pkcs12: Forbidden: must set exactly one of passwordSecretRef and password must for PKCS#12 keystores',
    ],
  },
  {
    why: 'an empty password',
    spec: { keystores: { jks: { create: true, password: '' } } },
    errors: ['spec.keystores.jks.password: Forbidden: literal password cannot be empty if set on JKS keystores'],
  },
  {
    why: 'windows without renewal',
    spec: { renewal: { policy: 'Disabled', windows: [window] } },
    errors: ['spec.renewal.windows: Forbidden: windows cannot be set when `renewal.policy` is set to Disabled'],
  },
  {
    why: 'renewal without a policy',
    spec: { renewal: {} },
    errors: ['spec.renewal.policy: Unsupported value: "": supported values: "Disabled", "RenewBefore"'],
  },
  {
    why: 'a window of no length',
    spec: { renewal: { policy: 'RenewBefore', windows: [{ ...window, windowDuration: '0h' }] } },
    errors: [
      'spec.renewal.windows[0].windowDuration: Invalid value: "0h": windowDuration must be specified and should be greater than 0',
    ],
  },
  {
    why: 'an offset is no IANA zone',
    spec: { renewal: { policy: 'RenewBefore', windows: [{ ...window, timezone: '+01:00' }] } },
    errors: [
      'spec.renewal.windows[0].timezone: Invalid value: "+01:00": invalid value for timezone. timezone must be IANA compliant',
    ],
  },
  {
    why: 'no such zone',
    spec: { renewal: { policy: 'RenewBefore', windows: [{ ...window, timezone: 'Mars/Olympus' }] } },
    errors: [
      'spec.renewal.windows[0].timezone: Invalid value: "Mars/Olympus": invalid value for timezone. timezone must be IANA compliant',
    ],
  },
  {
    why: 'a cron line with seconds',
    spec: { renewal: { policy: 'RenewBefore', windows: [{ ...window, cron: '0 0 2 * * *' }] } },
    errors: [
      `spec.renewal.windows[0].cron: Invalid value: "0 0 2 * * *": invalid cron syntax: failed to parse cron spec '0 0 2 * * *': expected exactly 5 fields, found 6: [0 0 2 * * *]. ${cronForm}`,
    ],
  },
];

for (const { why, spec, errors } of refused) {
  test(`validateCertificate() refuses: ${why}`, () => {
    const found = errorsOf(spec);
    assert.equal(found.length, errors.length, found.join('\n'));
    errors.forEach((wanted, index) => {
      if (typeof wanted === 'string') assert.equal(found[index], wanted);
      else assert.match(found[index]!, wanted);
    });
  });
}

const accepted: readonly { why: string; spec: Spec }[] = [
  { why: 'exactly one hour', spec: { duration: '1h' } },
  { why: 'exactly five minutes before', spec: { duration: '1h', renewBefore: '5m' } },
  { why: 'a percentage alone is never judged', spec: { renewBeforePercentage: 100 } },
  { why: 'a percentage alone, negative', spec: { renewBeforePercentage: -5 } },
  { why: 'a percentage with a duration', spec: { duration: '2160h', renewBeforePercentage: 25 } },
  { why: 'a common name alone', spec: { ...nameless, commonName: 'a' } },
  { why: 'a URI alone', spec: { ...nameless, uris: ['spiffe://a/b'] } },
  { why: 'an e-mail address alone', spec: { ...nameless, emailAddresses: ['alice@example.com'] } },
  { why: 'an IP address alone', spec: { ...nameless, ipAddresses: ['::1'] } },
  {
    why: 'an other name alone',
    spec: { ...nameless, otherNames: [{ oid: '1.3.6.1.4.1.311.20.2.3', utf8Value: 'a@b' }] },
  },
  {
    why: 'the CN of a literal subject',
    spec: { ...nameless, literalSubject: 'CN=*.x.foo-long.bar.com,OU=FooLong,OU=Bar,O=Corp.' },
  },
  { why: 'a dotted type in a literal subject', spec: { literalSubject: 'CN=a,2.5.4.97=b' } },
  { why: 'DNS names are not looked into', spec: { dnsNames: ['not a name!'] } },
  { why: '64 bytes of common name', spec: { commonName: 'a'.repeat(64) } },
  { why: 'size 0 is the default', spec: { privateKey: { algorithm: 'ECDSA', size: 0 } } },
  { why: 'Ed25519 has no size', spec: { privateKey: { algorithm: 'Ed25519', size: 7 } } },
  {
    why: 'an external issuer of any kind',
    spec: { issuerRef: { name: 'x', kind: 'AWSPCAIssuer', group: 'awspca.cert-manager.io' } },
  },
  { why: 'an empty kind and group', spec: { issuerRef: { name: 'x', kind: '', group: '' } } },
  { why: 'both output formats', spec: { additionalOutputFormats: [{ type: 'DER' }, { type: 'CombinedPEM' }] } },
  {
    why: 'a window in a zone',
    spec: { renewal: { policy: 'RenewBefore', windows: [{ ...window, timezone: 'Europe/Berlin' }] } },
  },
  { why: 'a password in a Secret', spec: { keystores: { jks: { create: true, passwordSecretRef: { name: 'p' } } } } },
];

for (const { why, spec } of accepted) {
  test(`validateCertificate() accepts: ${why}`, () => {
    assert.deepEqual(errorsOf(spec), []);
  });
}

test('validateCertificate() tells of a limited number of errors', () => {
  assert.equal(errorsOf({ ipAddresses: Array<string>(10_000).fill('x') }).length, 64);
});

test('validateCertificate() judges a hostile e-mail address at once', () => {
  assert.deepEqual(
    errorsOf({ emailAddresses: [`<${'@'.repeat(500_000)}`] }).map((text) => text.split(': ').at(-1)),
    ['longer than 320 characters'],
  );
});
