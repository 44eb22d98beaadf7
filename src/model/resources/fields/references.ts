import Type from 'typebox';
import { text } from './field.ts';

/** The issuer that shall sign. */
export const issuerRef = (description: string) =>
  Type.Object(
    {
      name: text('Name of the issuer.'),
      kind: Type.Optional(
        text('Kind of the issuer: Issuer (the default) or ClusterIssuer, or the kind of an external issuer.'),
      ),
      group: Type.Optional(text('API group of the issuer; cert-manager.io is the default.')),
    },
    { description },
  );

/** One key of a Secret in the same namespace. */
export const secretKeyRef = (description: string, defaultKey: string) =>
  Type.Object(
    {
      name: text('Name of the Secret.'),
      key: Type.Optional(text(`Key within the Secret; \`${defaultKey}\` when left out.`)),
    },
    { description },
  );
