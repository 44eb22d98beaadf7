import type { Certificate } from '#pki/x509';
import type { CertificateTemplate } from '../template.ts';

/** One rule that every issued certificate keeps. */
export interface Lint {
  /** Stable name, shown to users: `issuer-outlives`. */
  readonly name: string;
  /** Where the rule comes from. */
  readonly source: string;
  /** What is wrong, in words; undefined when the template keeps the rule. `issuer` is undefined when it signs itself. */
  check(template: CertificateTemplate, issuer: Certificate | undefined): string | undefined;
}

export interface LintFinding {
  readonly lint: string;
  readonly source: string;
  readonly message: string;
}
