/**
 * Terms of the index `expiry`: each tells when one certificate of an object ends, and what else decides how urgent that
 * is, so that the state of every certificate can be read off the index. Sorted by the end.
 */
export interface ExpiryTerm {
  /** RFC 3339 in UTC, whole seconds. */
  readonly notAfter: string;
  readonly notBefore?: string | undefined;
  readonly isCA?: boolean | undefined;
  /** Renewed by itself; its renewal is watched where it is declared. */
  readonly managed?: boolean | undefined;
}

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

/** One term for each certificate with a known end; alike ones share one. */
export function expiryTerms(certificates: readonly ExpiryTerm[]): string[] {
  return [...new Set(certificates.filter(({ notAfter }) => instant.test(notAfter)).map(expiryTerm))];
}

function expiryTerm({ notAfter, notBefore, isCA = false, managed = false }: ExpiryTerm): string {
  const begins = notBefore !== undefined && instant.test(notBefore) ? notBefore : '';
  return `${notAfter}/${begins}/${isCA ? 'ca' : ''}/${managed ? 'managed' : ''}`;
}

/** What a term says. */
export function readExpiryTerm(term: string): ExpiryTerm {
  const [notAfter = '', notBefore = '', isCA = '', managed = ''] = term.split('/');
  return {
    notAfter,
    ...(notBefore === '' ? {} : { notBefore }),
    isCA: isCA !== '',
    managed: managed !== '',
  };
}

/** The one term of the CA behind an issuer. */
export function authorityTerms(ca: { readonly notAfter?: string; readonly notBefore?: string } = {}): string[] {
  const { notAfter, notBefore } = ca;
  return notAfter === undefined ? [] : expiryTerms([{ notAfter, notBefore, isCA: true }]);
}
