/** Every code that a caller may be told in `Chancery-Error`: its HTTP status, and what the answer says. Codes are stable. */
export const callerFailures = {
  'backend-certificate-not-trusted': { status: 502, message: 'The certificate of the backend is not trusted.' },
  'backend-certificate-expired': { status: 502, message: 'A certificate of the backend has expired.' },
  'backend-certificate-not-yet-valid': { status: 502, message: 'A certificate of the backend is not valid yet.' },
  'backend-name-mismatch': { status: 502, message: 'The certificate of the backend is for another name.' },
  'backend-certificate-unfit': { status: 502, message: 'A certificate of the backend is not fit for its use.' },
  'backend-refused-client-certificate': {
    status: 502,
    message: 'The backend refused the client certificate of the gateway, or wants one.',
  },
  'backend-tls-version': { status: 502, message: 'The backend and the gateway have no TLS version in common.' },
  'backend-tls-failed': { status: 502, message: 'No TLS connection to the backend could be made.' },
  'backend-unreachable': { status: 502, message: 'The backend cannot be reached.' },
  'backend-failed': { status: 502, message: 'The backend broke off, or did not answer in HTTP.' },
  'backend-timeout': { status: 504, message: 'The backend did not answer in time.' },
  'no-material': { status: 502, message: 'The TLS profile of this API could not be loaded yet.' },
  'no-such-api': { status: 404, message: 'No API is published under this path.' },
  'path-refused': { status: 400, message: 'The path leaves its place or can be read in more than one way.' },
  'bad-request': { status: 400, message: 'The request is not valid HTTP.' },
  'caller-timeout': { status: 408, message: 'The request did not arrive in time.' },
  'method-refused': { status: 405, message: 'The gateway does not pass this method on.' },
  'expectation-failed': { status: 417, message: 'The gateway cannot meet the expectation of the request.' },
  'misdirected-request': { status: 421, message: 'This connection was not made for the host that the request names.' },
  'header-too-large': { status: 431, message: 'The header of the request exceeds a limit.' },
  'gateway-overloaded': { status: 503, message: 'The gateway has too many requests under way.' },
  'loop-detected': { status: 508, message: 'The request came through this gateway before.' },
} as const;

export type CallerFailureCode = keyof typeof callerFailures;
