import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { ClientSettings, ServerSettings, Side } from './index.ts';
import { checkSettings, cipherSuites, nodeClientOptions, nodeServerOptions } from './index.ts';

type Settings = ClientSettings & ServerSettings;

interface Case {
  readonly settings: Settings;
  readonly side?: Side;
  /** `field: words of the message` */
  readonly errors?: readonly string[];
  readonly warnings?: readonly string[];
  readonly why: string;
}

const gcm = 'ECDHE_RSA_WITH_AES_128_GCM_SHA256';
const cbc = 'ECDHE_RSA_WITH_AES_128_CBC_SHA';
const cases: readonly Case[] = [
  { settings: {}, why: 'the defaults are sound' },
  { settings: {}, side: 'client', why: 'for clients too' },
  {
    settings: { protocols: ['tls_v1.2', 'sslv3'] },
    errors: ['protocols[1]: not a version'],
    why: 'a version nobody offers',
  },
  { settings: { protocols: [] }, errors: ['protocols: no version'], why: 'no version at all' },
  {
    settings: { protocols: ['tls_v1.0', 'tls_v1.1', 'tls_v1.2'] },
    warnings: ['protocols[0]: RFC 8996', 'protocols[1]: RFC 8996'],
    why: 'old versions are for old peers',
  },
  {
    settings: { protocols: ['tls_v1.1', 'tls_v1.3'] },
    side: 'client',
    errors: ['protocols: TLS 1.2 is left out'],
    warnings: ['protocols[0]: RFC 8996'],
    why: 'a client names only its highest version to an old server',
  },
  {
    settings: { protocols: ['tls_v1.1', 'tls_v1.3'] },
    warnings: ['protocols[0]: RFC 8996', 'protocols: TLS 1.2 is left out'],
    why: 'a server can leave any version out',
  },
  {
    settings: { ciphers: ['FOO'] },
    errors: ['ciphers: TLS 1.2', 'ciphers: TLS 1.3', 'ciphers[0]: not a cipher suite'],
    why: 'an unknown suite leaves nothing',
  },
  {
    settings: { ciphers: [gcm] },
    warnings: ['ciphers: TLS 1.3 can never'],
    why: 'TLS 1.3 falls out of the default versions',
  },
  {
    settings: { ciphers: [gcm], protocols: ['tls_v1.2', 'tls_v1.3'] },
    errors: ['ciphers: TLS 1.3 can never'],
    why: 'TLS 1.3 was asked for and cannot be had',
  },
  {
    settings: { ciphers: ['TLS_AES_128_GCM_SHA256'], protocols: ['tls_v1.2', 'tls_v1.3'] },
    errors: ['ciphers: TLS 1.2 can never'],
    why: 'and the other way round',
  },
  {
    settings: { ciphers: ['RSA_WITH_3DES_EDE_CBC_SHA'], protocols: ['tls_v1.2'] },
    errors: ['ciphers: TLS 1.2 can never'],
    warnings: ['ciphers[0]: 3DES is not in this OpenSSL'],
    why: 'the only suite is one that nothing here has',
  },
  {
    settings: { ciphers: ['RSA_WITH_3DES_EDE_CBC_SHA', gcm], protocols: ['tls_v1.2'] },
    warnings: ['ciphers[0]: 3DES is not in this OpenSSL'],
    why: 'another remains',
  },
  {
    settings: { ciphers: ['DHE_DSS_WITH_AES_128_GCM_SHA256'], protocols: ['tls_v1.2'] },
    errors: ['ciphers: TLS 1.2 can never'],
    warnings: ['ciphers[0]: needs a DSA certificate'],
    why: 'a server here has no DSA key',
  },
  {
    settings: { ciphers: ['DHE_DSS_WITH_AES_128_GCM_SHA256'], protocols: ['tls_v1.2'] },
    side: 'client',
    warnings: ['ciphers[0]: FIPS 186-5'],
    why: 'a backend may have one',
  },
  {
    settings: { ciphers: [cbc, gcm], protocols: ['tls_v1.2'] },
    warnings: ['ciphers[0]: CBC'],
    why: 'CBC with TLS 1.2 has better neighbours',
  },
  {
    settings: { ciphers: [cbc], protocols: ['tls_v1.0'] },
    warnings: ['protocols[0]: RFC 8996'],
    why: 'CBC is the best that TLS 1.0 has',
  },
  {
    settings: { ciphers: ['RSA_WITH_AES_128_GCM_SHA256', 'TLS_AES_128_CCM_8_SHA256'] },
    warnings: ['ciphers[0]: forward secrecy', 'ciphers[1]: 64 bits'],
    why: 'weak suites can be offered',
  },
  {
    settings: { ciphers: [gcm, 'TLS_AES_128_GCM_SHA256'], protocols: ['tls_v1.3'] },
    warnings: ['ciphers[0]: never used'],
    why: 'a suite of a version that is not listed',
  },
  {
    settings: { groups: ['x25519', 'P-256'] },
    errors: ['groups[1]: not the IANA name'],
    why: "NIST's name of a curve",
  },
  {
    settings: { groups: ['ffdhe2048'], protocols: ['tls_v1.2', 'tls_v1.3'] },
    errors: ['groups: no group that TLS 1.2'],
    why: 'no group is left for ECDHE',
  },
  {
    settings: { groups: ['brainpoolP256r1'], protocols: ['tls_v1.3'] },
    errors: ['groups: no group that TLS 1.3'],
    why: 'brainpool has other code points in TLS 1.3 (RFC 8734)',
  },
  {
    settings: { signatureAlgorithms: ['rsa_pkcs1_sha256', 'sha1'], protocols: ['tls_v1.2'] },
    errors: ['signatureAlgorithms[1]: not the IANA name'],
    why: 'an unknown signature algorithm',
  },
  {
    settings: { signatureAlgorithms: ['rsa_pkcs1_sha256'], protocols: ['tls_v1.3'] },
    errors: ['signatureAlgorithms: no signature algorithm'],
    why: 'TLS 1.3 signs no handshake with PKCS#1 v1.5',
  },
  {
    settings: { signatureAlgorithms: ['ecdsa_secp256r1_sha256'], ciphers: [gcm], protocols: ['tls_v1.2'] },
    errors: ['signatureAlgorithms: no signature algorithm'],
    why: 'an RSA suite that nobody could sign for',
  },
  {
    settings: { signatureAlgorithms: ['rsa_pss_rsae_sha256', 'rsa_pkcs1_sha1'] },
    warnings: ['signatureAlgorithms[1]: SHA-1'],
    why: 'SHA-1 is for old peers',
  },
  { settings: { alpnProtocols: ['h2', ''] }, errors: ['alpnProtocols[1]: 1 to 255'], why: 'a name without bytes' },
  {
    settings: { alpnProtocols: Array(300).fill('x'.repeat(255)) },
    errors: ['alpnProtocols: 65535'],
    why: 'a hello has limits',
  },
  {
    settings: { minimumKeyStrength: { rsaBits: 1024 } },
    warnings: ['minimumKeyStrength.rsaBits: weak'],
    why: 'RSA-1024 is weak',
  },
  {
    settings: { minimumKeyStrength: { ecBits: 522 } },
    errors: ['minimumKeyStrength.ecBits: more bits'],
    why: 'no curve is that large',
  },
  {
    settings: { insecureServerConnections: true },
    side: 'client',
    warnings: ['insecureServerConnections: every server'],
    why: 'nothing is verified',
  },
  {
    settings: { limitRenegotiation: false },
    warnings: ['limitRenegotiation: renegotiate'],
    why: 'handshakes for the asking',
  },
];

describe('checkSettings()', () => {
  for (const { settings, side = 'server', errors = [], warnings = [], why } of cases) {
    test(`${why}: ${side} ${JSON.stringify(settings).slice(0, 70)}`, () => {
      const report = checkSettings(side, settings);
      assertProblems(report.errors, errors);
      assertProblems(report.warnings, warnings);
    });
  }

  test("names the right suite to whoever writes OpenSSL's name, or another case", () => {
    const report = checkSettings('server', { ciphers: ['ECDHE-RSA-AES256-GCM-SHA384', 'tls_aes_128_gcm_sha256'] });
    const hints = report.errors.filter(({ field }) => field.startsWith('ciphers[')).map(({ hint }) => hint);
    assert.deepEqual(hints, ['write ECDHE_RSA_WITH_AES_256_GCM_SHA384', 'write TLS_AES_128_GCM_SHA256']);
  });

  test('says of suites without certificates or secrecy why they are never offered', () => {
    const ciphers = [
      'TLS_PSK_WITH_AES_128_CBC_SHA',
      'TLS_RSA_WITH_NULL_SHA',
      'TLS_DH_anon_WITH_AES_128_CBC_SHA',
      'TLS_RSA_WITH_RC4_128_SHA',
    ];
    const report = checkSettings('server', { ciphers });
    const named = report.errors.filter(({ field }) => field.startsWith('ciphers['));
    assert.deepEqual(
      named.map(({ message }) => /never offered/.test(message)),
      [true, true, true, true],
    );
  });

  test('without errors, every profile compiles', () => {
    const names = cipherSuites.map((suite) => suite.ibm ?? suite.iana);
    const settings = fc.record(
      {
        protocols: fc.subarray(['tls_v1.0', 'tls_v1.1', 'tls_v1.2', 'tls_v1.3']),
        ciphers: fc.subarray(names),
        groups: fc.subarray(['x25519', 'secp384r1', 'X25519MLKEM768', 'ffdhe2048', 'brainpoolP256r1']),
        signatureAlgorithms: fc.subarray(['rsa_pkcs1_sha1', 'ed25519', 'rsa_pss_rsae_sha256', 'dsa_sha256', 'mldsa44']),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.constantFrom<Side>('client', 'server'), settings, (side, given) => {
        if (checkSettings(side, given).errors.length > 0) return;
        const options = side === 'client' ? nodeClientOptions(given) : nodeServerOptions(given);
        assert.ok(options.minVersion <= options.maxVersion);
      }),
      { numRuns: 500 },
    );
  });
});

function assertProblems(
  problems: readonly { field: string; message: string; hint: string }[],
  expected: readonly string[],
) {
  const texts = problems.map(({ field, message }) => `${field}: ${message}`);
  assert.equal(texts.length, expected.length, texts.join('\n'));
  for (const [index, wanted] of expected.entries()) {
    const [field, words] = wanted.split(/: (.*)/) as [string, string];
    assert.ok(
      texts[index]?.startsWith(`${field}: `) && texts[index].includes(words),
      `${texts[index]} is not ${wanted}`,
    );
  }
  for (const { hint } of problems) assert.notEqual(hint, '');
}
