/**
 * Issuing certificates: template, lints, single-use token, signature. Knows nothing of Secrets, issuers' resources or
 * where keys are kept.
 *
 * Invariants: a signing key is reached only through a token that passed every lint, belongs to one issuer and works once;
 * every certificate has a random serial number, a subject key identifier and an authority key identifier; none outlives
 * its issuer unless the template says that it may. `now` is an argument.
 */
export { createAuthority, createSelfIssuer } from './authority.ts';
export type { CertificateAuthority } from './authority.ts';
export type { Issuer, SigningToken } from './issuer.ts';
export type { IssuedCertificate } from './issued.ts';
export { issueCertificate } from './issue.ts';
export type { IssueOrder, IssueResult, RequestOrder } from './issue.ts';
export type { Lint, LintFinding } from './lints/lint.ts';
export { templateForIdentity, templateFromRequest } from './request-template.ts';
export type { PlannedCertificate, RequestFields } from './request-template.ts';
export type { CertificateTemplate } from './template.ts';
export type { Validity } from './validity.ts';
export { verifyIssuer } from './verify-issuer.ts';
export type { IssuerProblem, IssuerProblemCode } from './verify-issuer.ts';
