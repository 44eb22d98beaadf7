/**
 * What a person wants to know of certificate files, as a value: given the bytes of PEM, DER, PKCS#7, PKCS#12, JKS or
 * JCEKS files, the certificates, keys and requests in them, who signed whom, and what is wrong with it.
 *
 * Not here: printing, reading files, connecting to hosts, trust decisions of a TLS peer.
 *
 * Invariants: the result never holds a byte of a private key or a password, so it may be printed, logged and sent.
 * Damaged parts become items that say so; only bytes that are nothing known, and a wrong password, are errors. `now` is
 * an argument.
 */
export { inspect, inspectBytes } from './inspect.ts';
export type {
  CertificateItem,
  CertificateSummary,
  ChainNode,
  DamagedItem,
  InspectOptions,
  InspectedItem,
  InspectedSource,
  Inspection,
  KeyItem,
  OtherItem,
  RequestItem,
  RequestSummary,
  Source,
  SourceFormat,
  Warning,
} from './inspection.ts';
export type { WarningCode, WarningSeverity } from './warning-codes.ts';
