import type { CallerFailureCode } from './codes.ts';

/** Why a backend could not be used: the code for the caller, the whole reason for the log. */
export interface BackendFailure {
  readonly code: CallerFailureCode;
  /** Node's or OpenSSL's own code. */
  readonly reason: string;
  readonly message: string;
}

/** Node 24 and OpenSSL 3.5; where both ends name the same cause, the alert's name is the peer's view. */
const codesByReason: Readonly<Record<string, CallerFailureCode>> = {
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'backend-certificate-not-trusted',
  UNABLE_TO_GET_ISSUER_CERT: 'backend-certificate-not-trusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'backend-certificate-not-trusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'backend-certificate-not-trusted',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'backend-certificate-not-trusted',
  CERT_SIGNATURE_FAILURE: 'backend-certificate-not-trusted',
  CERT_UNTRUSTED: 'backend-certificate-not-trusted',
  CERT_REVOKED: 'backend-certificate-not-trusted',
  CERT_HAS_EXPIRED: 'backend-certificate-expired',
  CERT_NOT_YET_VALID: 'backend-certificate-not-yet-valid',
  ERR_TLS_CERT_ALTNAME_INVALID: 'backend-name-mismatch',
  ERR_TLS_CERT_ALTNAME_FORMAT: 'backend-name-mismatch',
  HOSTNAME_MISMATCH: 'backend-name-mismatch',
  INVALID_CA: 'backend-certificate-unfit',
  INVALID_PURPOSE: 'backend-certificate-unfit',
  PATH_LENGTH_EXCEEDED: 'backend-certificate-unfit',
  CERT_CHAIN_TOO_LONG: 'backend-certificate-unfit',
  CERT_REJECTED: 'backend-certificate-unfit',
  UNSPECIFIED: 'backend-certificate-unfit',
  WEAK_KEY: 'backend-certificate-unfit',
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: 'backend-refused-client-certificate',
  ERR_SSL_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: 'backend-refused-client-certificate',
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: 'backend-refused-client-certificate',
  ERR_SSL_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE: 'backend-refused-client-certificate',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_REVOKED: 'backend-refused-client-certificate',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED: 'backend-refused-client-certificate',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN: 'backend-refused-client-certificate',
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: 'backend-refused-client-certificate',
  ERR_SSL_TLSV1_ALERT_ACCESS_DENIED: 'backend-refused-client-certificate',
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: 'backend-tls-version',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'backend-tls-version',
  ERR_SSL_VERSION_TOO_LOW: 'backend-tls-version',
  ERR_SSL_WRONG_SSL_VERSION: 'backend-tls-version',
  ETIMEDOUT: 'backend-timeout',
  ECONNREFUSED: 'backend-unreachable',
  ENOTFOUND: 'backend-unreachable',
  EAI_AGAIN: 'backend-unreachable',
  EHOSTUNREACH: 'backend-unreachable',
  ENETUNREACH: 'backend-unreachable',
  EADDRNOTAVAIL: 'backend-unreachable',
};

/** While the connection was being made, or once it stood. */
export type Stage = 'connecting' | 'handshaking' | 'connected';

const otherwise: Readonly<Record<Stage, CallerFailureCode>> = {
  connecting: 'backend-unreachable',
  handshaking: 'backend-tls-failed',
  connected: 'backend-failed',
};

/** Total: whatever went wrong has a code. TLS 1.3 backends refuse a client certificate only after the handshake. */
export function classifyBackendError(error: Error, stage: Stage): BackendFailure {
  const reason = reasonOf(error);
  const tls = reason.startsWith('ERR_SSL_') || reason === 'EPROTO' || reason.startsWith('ERR_TLS_');
  return { code: codesByReason[reason] ?? otherwise[tls ? 'handshaking' : stage], reason, message: messageOf(error) };
}

/** Dialling several addresses fails with all their errors; one of them is as good as another. */
function reasonOf(error: Error): string {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : undefined;
  const { code } = (first instanceof Error ? first : error) as NodeJS.ErrnoException;
  return typeof code === 'string' ? code : error.name;
}

function messageOf(error: Error): string {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : undefined;
  return (first instanceof Error ? first : error).message.replace(/\s+/gu, ' ').trim();
}
