import type { CipherSuite } from './cipher-suites.ts';
import { cipherSuite, defaultSuites } from './cipher-suites.ts';
import type { Group } from './groups.ts';
import { defaultGroups, groupOf } from './groups.ts';
import { defaultKeyStrength } from './key-strength.ts';
import type { Protocol } from './protocols.ts';
import { defaultProtocols, protocolNames } from './protocols.ts';
import type { KeyStrength, ProfileSettings, Side } from './settings.ts';
import { defaultSignatureSchemes, dsaScheme, signatureScheme } from './signature-schemes.ts';

/** What a profile puts forward in a handshake, defaults filled in; names that nothing here knows are left out. */
export interface Offer {
  /** Lowest first. */
  readonly protocols: readonly Protocol[];
  /** Suites that this side can negotiate and that belong to one of `protocols`, preferred first. */
  readonly suites: readonly CipherSuite[];
  readonly groups: readonly Group[];
  readonly signatureSchemes: readonly string[];
  readonly alpnProtocols: readonly string[];
  readonly minimumKeyStrength: Required<KeyStrength>;
}

/** A server speaks both; a client whose profile names no protocol speaks the one that every backend knows. */
const defaultALPN: Readonly<Record<Side, readonly string[]>> = {
  client: ['http/1.1'],
  server: ['h2', 'http/1.1'],
};

export function offerOf(side: Side, settings: ProfileSettings): Offer {
  const listed: readonly string[] = settings.protocols ?? defaultProtocols;
  const protocols = protocolNames.filter((protocol) => listed.includes(protocol));
  const suites = suitesOf(side, settings, protocols);
  return {
    protocols,
    suites,
    groups: present((settings.groups ?? defaultGroups).map(groupOf)),
    signatureSchemes: schemesOf(settings, suites),
    alpnProtocols: settings.alpnProtocols ?? defaultALPN[side],
    minimumKeyStrength: { ...defaultKeyStrength, ...settings.minimumKeyStrength },
  };
}

function suitesOf(side: Side, settings: ProfileSettings, protocols: readonly Protocol[]): CipherSuite[] {
  const named = settings.ciphers?.map(cipherSuite) ?? defaultSuites(protocols);
  return present(named).filter((suite) => suite.available[side] === true && servesAny(suite, protocols));
}

function servesAny(suite: CipherSuite, protocols: readonly Protocol[]): boolean {
  return protocols.some((protocol) => suite.versions.includes(protocol));
}

/** Whoever names DSS suites wants what they take. */
function schemesOf(settings: ProfileSettings, suites: readonly CipherSuite[]): readonly string[] {
  if (settings.signatureAlgorithms !== undefined) return present(settings.signatureAlgorithms.map(signatureScheme));
  const dsa = suites.some((suite) => suite.authentication === 'DSS');
  return dsa ? [...defaultSignatureSchemes, dsaScheme] : defaultSignatureSchemes;
}

/** Without what is missing, and each once. */
function present<T>(values: readonly (T | undefined)[]): T[] {
  return [...new Set(values.filter((value) => value !== undefined))];
}
