/** One key exchange group, and where it can be used. */
export interface Group {
  readonly iana: string;
  /** Usable by the ECDHE suites of TLS 1.2 and earlier. */
  readonly ecdhe: boolean;
  /** Usable by TLS 1.3. */
  readonly tls13: boolean;
}

/** Groups of IANA's registry (TLS Supported Groups) that Node's OpenSSL knows, by where they can be used. */
const usableEverywhere = 'x25519 x448 secp256r1 secp384r1 secp521r1';
const onlyTLS13 = [
  'X25519MLKEM768 SecP256r1MLKEM768 SecP384r1MLKEM1024 MLKEM512 MLKEM768 MLKEM1024',
  'ffdhe2048 ffdhe3072 ffdhe4096 ffdhe6144 ffdhe8192',
  'brainpoolP256r1tls13 brainpoolP384r1tls13 brainpoolP512r1tls13',
].join(' ');
const onlyBefore = 'secp256k1 brainpoolP256r1 brainpoolP384r1 brainpoolP512r1';

/** Every group that a profile may name. */
export const groups: readonly Group[] = [
  ...usableEverywhere.split(' ').map((iana) => ({ iana, ecdhe: true, tls13: true })),
  ...onlyTLS13.split(' ').map((iana) => ({ iana, ecdhe: false, tls13: true })),
  ...onlyBefore.split(' ').map((iana) => ({ iana, ecdhe: true, tls13: false })),
];

/** Hybrid first: what is recorded today stays secret from tomorrow's quantum computers. */
export const defaultGroups: readonly string[] = ['X25519MLKEM768', 'x25519', 'secp256r1', 'secp384r1', 'secp521r1'];

const byName: ReadonlyMap<string, Group> = new Map(groups.map((group) => [group.iana.toLowerCase(), group]));

const otherNames: Readonly<Record<string, string>> = {
  'p-256': 'secp256r1',
  prime256v1: 'secp256r1',
  'p-384': 'secp384r1',
  'p-521': 'secp521r1',
  curve25519: 'x25519',
  curve448: 'x448',
};

/** The group that IANA calls `name`, in any case. */
export function groupOf(name: string): Group | undefined {
  return byName.get(name.toLowerCase());
}

/** IANA's name for what NIST, OpenSSL or the curve's inventors call otherwise. */
export function ianaGroupName(name: string): string | undefined {
  return otherNames[name.toLowerCase()];
}
