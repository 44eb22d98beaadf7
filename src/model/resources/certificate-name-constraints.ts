import Type from 'typebox';
import { anyText, flag, list } from './fields/field.ts';

const names = (description: string) =>
  Type.Object(
    {
      dnsDomains: Type.Optional(list(anyText, 'DNS domains; a leading dot leaves the domain itself out.')),
      ipRanges: Type.Optional(list(anyText, 'IP ranges in CIDR notation.')),
      emailAddresses: Type.Optional(list(anyText, 'E-mail addresses or whole mail domains.')),
      uriDomains: Type.Optional(list(anyText, 'Domains of URIs.')),
    },
    { description },
  );

/** `spec.nameConstraints` (RFC 5280 4.2.1.10). */
export const nameConstraints = Type.Object(
  {
    critical: Type.Optional(flag('Whether clients that do not know name constraints must refuse the certificate.')),
    permitted: Type.Optional(names('Names the CA may sign for; a form that is listed here is limited to the list.')),
    excluded: Type.Optional(names('Names the CA may not sign for, even when permitted.')),
  },
  { description: 'Names that a CA certificate may sign for. Needs `isCA`.' },
);
