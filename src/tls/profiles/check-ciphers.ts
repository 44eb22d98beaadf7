import type { CipherSuite } from './cipher-suites.ts';
import { cipherSuite, cipherSuiteOfOpenSSL, needsLevelZero } from './cipher-suites.ts';
import type { Findings } from './findings.ts';
import type { Protocol } from './protocols.ts';
import { defaultProtocols, protocolTitle } from './protocols.ts';
import type { ProfileSettings, SettingProblem, Side } from './settings.ts';

/** Unknown suites are errors; suites that cannot be offered, belong to no listed version, or are weak are warnings. */
export function checkCiphers(side: Side, settings: ProfileSettings): Findings {
  const named = (settings.ciphers ?? []).map((name, index) => ({ name, index, suite: cipherSuite(name) }));
  const protocols = settings.protocols ?? defaultProtocols;
  return {
    errors: named.flatMap(({ name, index, suite }) => (suite === undefined ? [unknownSuite(name, index)] : [])),
    warnings: named.flatMap(({ name, index, suite }) => {
      const doubt = suite === undefined ? undefined : doubtOf(side, suite, protocols);
      return doubt === undefined ? [] : [{ field: `ciphers[${index}]`, value: name, ...doubt }];
    }),
  };
}

type Doubt = Pick<SettingProblem, 'message' | 'hint'>;

/** The gravest doubt only: what is never offered need not be called weak. */
function doubtOf(side: Side, suite: CipherSuite, protocols: readonly string[]): Doubt | undefined {
  const available = suite.available[side];
  if (available !== true) return { message: `cannot be offered: ${available}`, hint: 'take it out of the list' };
  const versions = suite.versions.filter((version) => protocols.includes(version));
  return versions.length === 0 ? ofNoVersion(suite) : weakness(suite, versions);
}

function ofNoVersion(suite: CipherSuite): Doubt {
  const last = suite.versions.at(-1) as Protocol;
  const message = `is never used: it is a suite of ${protocolTitle(last)}${suite.versions.length > 1 ? ' and earlier' : ''}`;
  return { message, hint: `add ${last} to protocols, or take the suite out of the list` };
}

function weakness(suite: CipherSuite, versions: readonly Protocol[]): Doubt | undefined {
  const modern = 'prefer suites with ECDHE and GCM or CHACHA20';
  if (suite.keyExchange === 'RSA') return { message: 'has no forward secrecy (RSA key exchange)', hint: modern };
  if (suite.authentication === 'DSS') return { message: 'rests on DSA, which FIPS 186-5 withdrew', hint: modern };
  if (needsLevelZero(suite))
    return { message: 'has a tag of only 64 bits, which lowers the whole profile', hint: modern };
  const cbc = suite.iana.includes('_CBC_') && versions.includes('tls_v1.2');
  return cbc ? { message: 'uses CBC, which padding oracles such as Lucky 13 attack', hint: modern } : undefined;
}

/** OpenSSL's names are what people paste; families that need no certificate are named for what they are. */
function unknownSuite(value: string, index: number): SettingProblem {
  const meant = cipherSuite(value.toUpperCase()) ?? cipherSuiteOfOpenSSL(value);
  const field = `ciphers[${index}]`;
  if (meant !== undefined) {
    const message = 'is not the name of a cipher suite as API Connect or IANA writes it';
    return { field, value, message, hint: `write ${meant.ibm ?? meant.iana}` };
  }
  return {
    field,
    value,
    message: unknownBecause(value),
    hint: 'write a name such as ECDHE_RSA_WITH_AES_256_GCM_SHA384',
  };
}

const neverOffered: readonly (readonly [RegExp, string])[] = [
  [/anon|ADH|AECDH/, 'is never offered: it authenticates nobody'],
  [/NULL/, 'is never offered: it encrypts nothing'],
  [/PSK|SRP|KRB5|GOST/, 'is never offered: it works without certificates, and profiles are about certificates'],
  [/RC4|RC2|EXPORT|_DES_|DES40|IDEA|SEED|MD5/, 'is never offered: it is broken, and not in this OpenSSL'],
];

function unknownBecause(value: string): string {
  const reason = neverOffered.find(([pattern]) => pattern.test(value));
  return reason?.[1] ?? 'is not a cipher suite that can be offered';
}
