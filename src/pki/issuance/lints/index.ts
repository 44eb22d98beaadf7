import { CodedError } from '#errors';
import type { Certificate } from '#pki/x509';
import type { CertificateTemplate } from '../template.ts';
import { caUsageLint, constraintsLint, issuerLint, outlivesLint } from './authority.ts';
import { commonNameLint, identityLint, keyLint, serialLint, validityLint } from './identity.ts';
import type { Lint, LintFinding } from './lint.ts';
import { altNamesLint, distributionLint } from './names.ts';

/** The rules in the order they are checked and reported. */
export const lints: readonly Lint[] = [
  serialLint,
  validityLint,
  identityLint,
  commonNameLint,
  altNamesLint,
  keyLint,
  caUsageLint,
  distributionLint,
  issuerLint,
  outlivesLint,
  constraintsLint,
];

/** Every rule that the template breaks under this issuer; `issuer` is undefined for a certificate that signs itself. */
export function lintTemplate(template: CertificateTemplate, issuer: Certificate | undefined): LintFinding[] {
  return lints.flatMap((lint) => {
    const message = lint.check(template, issuer);
    return message === undefined ? [] : [{ lint: lint.name, source: lint.source, message }];
  });
}

/** lint-failed with all findings in the message; `field` is the name of the first. */
export function lintFailure(findings: readonly LintFinding[]): CodedError {
  const text = findings.map(({ lint, message }) => `${lint}: ${message}`).join('; ');
  const [first] = findings;
  return new CodedError('lint-failed', text, { field: first!.lint, hint: `The rule is from ${first!.source}.` });
}
