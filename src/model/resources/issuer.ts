import Type from 'typebox';
import type { Static } from 'typebox';
import { ageColumn, certManager, defineKind } from './define-kind.ts';
import { authorityTerms } from './expiry-terms.ts';
import { envelope } from './fields/envelope.ts';
import { issuerSpecSchema, issuerStatusSchema } from './issuer-spec.ts';
import { namespacedTerm } from './index-terms.ts';
import { validateIssuer, warnOfIssuer } from './validation/issuer.ts';

const description = 'Signs certificates in its own namespace.';

const issuerSchema = envelope(description, { spec: issuerSpecSchema, status: Type.Optional(issuerStatusSchema) });

/** cert-manager.io/v1 Issuer. */
export type Issuer = Static<typeof issuerSchema>;

export const issuerColumns = [
  { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
  { name: 'Status', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].message', priority: 1 },
  ageColumn,
] as const;

/** Index: `secretName` (`ns/secret` of a CA issuer). */
export const issuerKind = defineKind<Issuer>({
  ...certManager,
  kind: 'Issuer',
  plural: 'issuers',
  singular: 'issuer',
  shortNames: ['iss'],
  categories: ['cert-manager'],
  description,
  schema: issuerSchema,
  printerColumns: issuerColumns,
  indexes: {
    secretName: ({ metadata, spec }) => (spec.ca ? [namespacedTerm(metadata.namespace, spec.ca.secretName)] : []),
    expiry: ({ status }) => authorityTerms(status?.ca),
  },
  validate: (next) => validateIssuer(next),
  warnings: (next) => warnOfIssuer(next),
});
