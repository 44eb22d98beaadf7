import type { Protocol } from './protocols.ts';
import { protocolNames } from './protocols.ts';

export type KeyExchange = 'any' | 'ECDHE' | 'DHE' | 'RSA';
export type Authentication = 'any' | 'ECDSA' | 'RSA' | 'DSS';

/** One cipher suite under its three names, and what it takes to negotiate it. */
export interface CipherSuite {
  /** `TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384` */
  readonly iana: string;
  /** IBM's name, where it is one of the suites that API Connect offers. */
  readonly ibm?: string;
  /** `ECDHE-RSA-AES256-GCM-SHA384` */
  readonly openssl: string;
  readonly versions: readonly Protocol[];
  readonly keyExchange: KeyExchange;
  /** Kind of the server's certificate. */
  readonly authentication: Authentication;
  /** true, or why no engine here can negotiate it as that side. */
  readonly available: Readonly<Record<'client' | 'server', true | string>>;
}

/** Suites of API Connect's TLS profiles, in its own order, as [IBM's name, OpenSSL's name]. */
const ofAPIConnect = `
TLS_AES_256_GCM_SHA384              TLS_AES_256_GCM_SHA384
TLS_CHACHA20_POLY1305_SHA256        TLS_CHACHA20_POLY1305_SHA256
TLS_AES_128_GCM_SHA256              TLS_AES_128_GCM_SHA256
TLS_AES_128_CCM_SHA256              TLS_AES_128_CCM_SHA256
TLS_AES_128_CCM_8_SHA256            TLS_AES_128_CCM_8_SHA256
ECDHE_ECDSA_WITH_AES_256_GCM_SHA384 ECDHE-ECDSA-AES256-GCM-SHA384
ECDHE_RSA_WITH_AES_256_GCM_SHA384   ECDHE-RSA-AES256-GCM-SHA384
ECDHE_ECDSA_WITH_AES_256_CBC_SHA384 ECDHE-ECDSA-AES256-SHA384
ECDHE_RSA_WITH_AES_256_CBC_SHA384   ECDHE-RSA-AES256-SHA384
ECDHE_ECDSA_WITH_AES_256_CBC_SHA    ECDHE-ECDSA-AES256-SHA
ECDHE_RSA_WITH_AES_256_CBC_SHA      ECDHE-RSA-AES256-SHA
DHE_DSS_WITH_AES_256_GCM_SHA384     DHE-DSS-AES256-GCM-SHA384
DHE_RSA_WITH_AES_256_GCM_SHA384     DHE-RSA-AES256-GCM-SHA384
DHE_RSA_WITH_AES_256_CBC_SHA256     DHE-RSA-AES256-SHA256
DHE_DSS_WITH_AES_256_CBC_SHA256     DHE-DSS-AES256-SHA256
DHE_RSA_WITH_AES_256_CBC_SHA        DHE-RSA-AES256-SHA
DHE_DSS_WITH_AES_256_CBC_SHA        DHE-DSS-AES256-SHA
RSA_WITH_AES_256_GCM_SHA384         AES256-GCM-SHA384
RSA_WITH_AES_256_CBC_SHA256         AES256-SHA256
RSA_WITH_AES_256_CBC_SHA            AES256-SHA
ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 ECDHE-ECDSA-AES128-GCM-SHA256
ECDHE_RSA_WITH_AES_128_GCM_SHA256   ECDHE-RSA-AES128-GCM-SHA256
ECDHE_ECDSA_WITH_AES_128_CBC_SHA256 ECDHE-ECDSA-AES128-SHA256
ECDHE_RSA_WITH_AES_128_CBC_SHA256   ECDHE-RSA-AES128-SHA256
ECDHE_ECDSA_WITH_AES_128_CBC_SHA    ECDHE-ECDSA-AES128-SHA
ECDHE_RSA_WITH_AES_128_CBC_SHA      ECDHE-RSA-AES128-SHA
DHE_DSS_WITH_AES_128_GCM_SHA256     DHE-DSS-AES128-GCM-SHA256
DHE_RSA_WITH_AES_128_GCM_SHA256     DHE-RSA-AES128-GCM-SHA256
DHE_RSA_WITH_AES_128_CBC_SHA256     DHE-RSA-AES128-SHA256
DHE_DSS_WITH_AES_128_CBC_SHA256     DHE-DSS-AES128-SHA256
DHE_RSA_WITH_AES_128_CBC_SHA        DHE-RSA-AES128-SHA
DHE_DSS_WITH_AES_128_CBC_SHA        DHE-DSS-AES128-SHA
RSA_WITH_AES_128_GCM_SHA256         AES128-GCM-SHA256
RSA_WITH_AES_128_CBC_SHA256         AES128-SHA256
RSA_WITH_AES_128_CBC_SHA            AES128-SHA
ECDHE_ECDSA_WITH_3DES_EDE_CBC_SHA   ECDHE-ECDSA-DES-CBC3-SHA
ECDHE_RSA_WITH_3DES_EDE_CBC_SHA     ECDHE-RSA-DES-CBC3-SHA
DHE_RSA_WITH_3DES_EDE_CBC_SHA       DHE-RSA-DES-CBC3-SHA
DHE_DSS_WITH_3DES_EDE_CBC_SHA       DHE-DSS-DES-CBC3-SHA
RSA_WITH_3DES_EDE_CBC_SHA           DES-CBC3-SHA`;

/** Further suites that Node's OpenSSL negotiates with certificates, as [IANA's name, OpenSSL's name]. */
const ofOpenSSL = `
TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256 ECDHE-ECDSA-CHACHA20-POLY1305
TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256   ECDHE-RSA-CHACHA20-POLY1305
TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256     DHE-RSA-CHACHA20-POLY1305
TLS_ECDHE_ECDSA_WITH_AES_256_CCM              ECDHE-ECDSA-AES256-CCM
TLS_ECDHE_ECDSA_WITH_AES_128_CCM              ECDHE-ECDSA-AES128-CCM
TLS_ECDHE_ECDSA_WITH_AES_256_CCM_8            ECDHE-ECDSA-AES256-CCM8
TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8            ECDHE-ECDSA-AES128-CCM8
TLS_DHE_RSA_WITH_AES_256_CCM                  DHE-RSA-AES256-CCM
TLS_DHE_RSA_WITH_AES_128_CCM                  DHE-RSA-AES128-CCM
TLS_DHE_RSA_WITH_AES_256_CCM_8                DHE-RSA-AES256-CCM8
TLS_DHE_RSA_WITH_AES_128_CCM_8                DHE-RSA-AES128-CCM8
TLS_RSA_WITH_AES_256_CCM                      AES256-CCM
TLS_RSA_WITH_AES_128_CCM                      AES128-CCM
TLS_RSA_WITH_AES_256_CCM_8                    AES256-CCM8
TLS_RSA_WITH_AES_128_CCM_8                    AES128-CCM8
TLS_ECDHE_ECDSA_WITH_ARIA_256_GCM_SHA384      ECDHE-ECDSA-ARIA256-GCM-SHA384
TLS_ECDHE_ECDSA_WITH_ARIA_128_GCM_SHA256      ECDHE-ECDSA-ARIA128-GCM-SHA256
TLS_ECDHE_RSA_WITH_ARIA_256_GCM_SHA384        ECDHE-ARIA256-GCM-SHA384
TLS_ECDHE_RSA_WITH_ARIA_128_GCM_SHA256        ECDHE-ARIA128-GCM-SHA256
TLS_ECDHE_ECDSA_WITH_CAMELLIA_256_CBC_SHA384  ECDHE-ECDSA-CAMELLIA256-SHA384
TLS_ECDHE_ECDSA_WITH_CAMELLIA_128_CBC_SHA256  ECDHE-ECDSA-CAMELLIA128-SHA256
TLS_ECDHE_RSA_WITH_CAMELLIA_256_CBC_SHA384    ECDHE-RSA-CAMELLIA256-SHA384
TLS_ECDHE_RSA_WITH_CAMELLIA_128_CBC_SHA256    ECDHE-RSA-CAMELLIA128-SHA256`;

/** Every suite that a profile may name. */
export const cipherSuites: readonly CipherSuite[] = [
  ...rows(ofAPIConnect).map(([ibm, openssl]) => suite(fullName(ibm), openssl, ibm)),
  ...rows(ofOpenSSL).map(([iana, openssl]) => suite(iana, openssl)),
];

/**
 * Forward secret and authenticated. AES-128 with SHA-256 comes first: processors have instructions for both, while SHA-384
 * costs a twentieth of a handshake. DHE is left out, for it is costly and seldom needed.
 */
const modern: readonly string[] = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
  'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
  'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384',
  'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
  'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256',
  'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256',
];

/** What versions before 1.2 have that is forward secret. */
const forOldVersions: readonly string[] = [
  'TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA',
  'TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA',
  'TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA',
  'TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA',
];

const byName: ReadonlyMap<string, CipherSuite> = new Map(
  cipherSuites.flatMap((each) => [[each.iana, each] as const, [each.ibm ?? each.iana, each] as const]),
);

const byOpenSSLName: ReadonlyMap<string, CipherSuite> = new Map(cipherSuites.map((each) => [each.openssl, each]));

/** The suite that IBM or IANA calls `name`. */
export function cipherSuite(name: string): CipherSuite | undefined {
  return byName.get(name);
}

/** Suites of a profile that names none. */
export function defaultSuites(protocols: readonly Protocol[]): CipherSuite[] {
  const old = protocols.some((protocol) => protocol === 'tls_v1.0' || protocol === 'tls_v1.1');
  const names = old ? [...modern, ...forOldVersions] : modern;
  return names.flatMap((name) => byName.get(name) ?? []);
}

/** The suite that OpenSSL calls `name`: people paste such names, and are told the right one. */
export function cipherSuiteOfOpenSSL(name: string): CipherSuite | undefined {
  return byOpenSSLName.get(name.toUpperCase());
}

/** A suite that OpenSSL's security levels 1 and above refuse, because its 64-bit tag counts as 64 bits of strength. */
export function needsLevelZero(suite: CipherSuite): boolean {
  return suite.iana.includes('_CCM_8');
}

function rows(table: string): [string, string][] {
  const lines = table.trim().split('\n');
  return lines.map((line) => line.split(/ +/) as [string, string]);
}

/** IBM drops the prefix of the suites of TLS 1.2 and earlier. */
function fullName(ibm: string): string {
  return ibm.startsWith('TLS_') ? ibm : `TLS_${ibm}`;
}

function suite(iana: string, openssl: string, ibm?: string): CipherSuite {
  const exchange = /^TLS_(?:(ECDHE|DHE)_)?(ECDSA|RSA|DSS)_WITH_/.exec(iana);
  const authentication = (exchange?.[2] ?? 'any') as Authentication;
  const keyExchange = exchange === null ? 'any' : ((exchange[1] ?? 'RSA') as KeyExchange);
  const available = { client: whyNot(iana, 'client'), server: whyNot(iana, 'server') };
  return {
    iana,
    ...(ibm !== undefined && { ibm }),
    openssl,
    versions: versionsOf(iana),
    keyExchange,
    authentication,
    available,
  };
}

/** RFC 8446 suites name no key exchange; of the others only those with a SHA-1 MAC predate TLS 1.2 (RFC 5246). */
function versionsOf(iana: string): Protocol[] {
  if (!iana.includes('_WITH_')) return ['tls_v1.3'];
  return iana.endsWith('_SHA') ? protocolNames.slice(0, 3) : ['tls_v1.2'];
}

function whyNot(iana: string, side: 'client' | 'server'): true | string {
  if (iana.includes('3DES')) return '3DES is not in this OpenSSL: its 64-bit blocks leak data (SWEET32, CVE-2016-2183)';
  if (side === 'server' && iana.includes('_DSS_'))
    return 'it needs a DSA certificate, and keystores here hold no DSA keys';
  return true;
}
