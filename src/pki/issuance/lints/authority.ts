import { emptyName, forbiddenName, mayIssue, parseName } from '#pki/x509';
import type { Lint } from './lint.ts';

export const caUsageLint: Lint = {
  name: 'ca-key-usage',
  source: 'RFC 5280 4.2.1.3 and 4.2.1.9',
  check({ isCA, keyUsages, pathLength, nameConstraints }) {
    const signs = keyUsages.includes('cert sign');
    if (isCA && !signs) return 'a CA must have the usage cert sign';
    if (!isCA && signs) return 'only a CA may have the usage cert sign';
    if (!isCA && pathLength !== undefined) return 'only a CA may have a path length';
    return !isCA && nameConstraints !== undefined ? 'only a CA may have name constraints' : undefined;
  },
};

export const issuerLint: Lint = {
  name: 'issuer-can-sign',
  source: 'RFC 5280 4.2.1.3, 4.2.1.9 and 6.1.4',
  check({ isCA, pathLength }, issuer) {
    if (issuer === undefined) return undefined;
    if (!mayIssue(issuer)) return 'the issuer is not a CA, or its key usage does not include cert sign';
    if (issuer.rawSubject.length === emptyName.length) return 'the issuer has no name';
    const allowed = issuer.pathLength;
    if (!isCA || allowed === undefined) return undefined;
    return (pathLength ?? 0) >= allowed ? `the issuer's path length ${allowed} allows no such CA below it` : undefined;
  },
};

export const outlivesLint: Lint = {
  name: 'issuer-outlives',
  source: 'RFC 5280 6.1.3 (a)(2): a path is valid only while all of it is',
  check({ notAfter, mayOutliveIssuer }, issuer) {
    if (issuer === undefined || mayOutliveIssuer === true || notAfter <= issuer.notAfter) return undefined;
    return `the certificate would end after its issuer, which ends at ${issuer.notAfter.toISOString()}`;
  },
};

export const constraintsLint: Lint = {
  name: 'name-constraints-permit',
  source: 'RFC 5280 4.2.1.10',
  check({ subject, altNames }, issuer) {
    const constraints = issuer?.fields.nameConstraints;
    return constraints && forbiddenName(constraints, parseName(subject), altNames);
  },
};
