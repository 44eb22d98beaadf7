/**
 * `error`: cannot work as it is (expired, a chain that breaks a rule). `warning`: some peers refuse it. `info`: was put
 * right, or is worth knowing.
 */
export type FindingSeverity = 'error' | 'warning' | 'info';

/** Every finding and what it means. */
export const findingCodes = {
  expired: 'A certificate is no longer valid.',
  'not-yet-valid': 'A certificate is not valid yet.',
  'path-invalid': 'A certificate of a chain breaks a rule of path validation (RFC 5280, section 6).',
  'not-a-ca': 'A certificate that issued another is no CA; or one that is trusted is an end-entity certificate.',
  'weak-key': 'A key is smaller than the least that is asked for.',
  'weak-signature': 'A signature uses SHA-1 or MD5, which clients refuse.',
  'missing-intermediate': 'The issuer of the last certificate of a chain is not in the file.',
  'chain-not-ordered': 'The certificates stood in another order; they were put in the right one.',
  duplicate: 'A certificate occurs twice; it was taken once.',
  'self-signed-leaf': 'An end-entity certificate is signed by itself, and has to be trusted one by one.',
  'unused-certificate': 'A certificate belongs to no chain of a key; it was left out.',
  'password-not-checked': 'A JKS file was read without its password, so nothing vouches for its content.',
  ignored: 'The file holds something that is neither a certificate nor a key; it was left out.',
} as const;

export type FindingCode = keyof typeof findingCodes;

/** One thing to know about material that can be used. What cannot be used at all is a CodedError. */
export interface Finding {
  readonly severity: FindingSeverity;
  readonly code: FindingCode;
  /** A whole sentence without a place, which may be printed after `entry`. */
  readonly message: string;
  /** `entry 2 (certificate)`, `entry "gateway"`; the file's name before it when there are several. */
  readonly entry: string;
}

/** Most findings of one upload; the grave ones are kept. */
const maximumFindings = 100;

const ranks: Record<FindingSeverity, number> = { error: 0, warning: 1, info: 2 };

/** Each finding once, the worst first, at most a hundred. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  const distinct = new Map(findings.map((finding) => [`${finding.code} ${finding.entry} ${finding.message}`, finding]));
  return [...distinct.values()].sort((a, b) => ranks[a.severity] - ranks[b.severity]).slice(0, maximumFindings);
}
