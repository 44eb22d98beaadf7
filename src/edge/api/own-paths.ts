/** Paths of what is no Kubernetes resource. */
export const ownPaths = {
  /** GET: an ExpiryList as JSON. Query: `within` (a duration such as 720h), `limit`. */
  expiry: '/expiry/certificates',
  /** GET: the same as a calendar. Query: `token`, in the place of another identity. */
  calendar: '/calendar/expiry.ics',
} as const;

/** POST: a PKCS#10 request in PEM, with a one-time token or as an agent whose certificate ends soon; answers the certificate. */
export const agentsPath = '/bootstrap/agents';
