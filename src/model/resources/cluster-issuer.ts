import Type from 'typebox';
import type { Static } from 'typebox';
import { certManager, defineKind } from './define-kind.ts';
import { authorityTerms } from './expiry-terms.ts';
import { envelope } from './fields/envelope.ts';
import { issuerColumns } from './issuer.ts';
import { issuerSpecSchema, issuerStatusSchema } from './issuer-spec.ts';
import { validateIssuer, warnOfIssuer } from './validation/issuer.ts';

const description = 'Signs certificates in every namespace. Its own Secrets are in one namespace of the installation.';

const clusterIssuerSchema = envelope(description, {
  spec: issuerSpecSchema,
  status: Type.Optional(issuerStatusSchema),
});

/** cert-manager.io/v1 ClusterIssuer. */
export type ClusterIssuer = Static<typeof clusterIssuerSchema>;

/** Index: `secretName` (the bare name; which namespace it is in belongs to the installation). */
export const clusterIssuerKind = defineKind<ClusterIssuer>({
  ...certManager,
  kind: 'ClusterIssuer',
  plural: 'clusterissuers',
  singular: 'clusterissuer',
  shortNames: ['ciss'],
  categories: ['cert-manager'],
  namespaced: false,
  description,
  schema: clusterIssuerSchema,
  printerColumns: issuerColumns,
  indexes: {
    secretName: ({ spec }) => (spec.ca ? [spec.ca.secretName] : []),
    expiry: ({ status }) => authorityTerms(status?.ca),
  },
  validate: (next) => validateIssuer(next),
  warnings: (next) => warnOfIssuer(next),
});
