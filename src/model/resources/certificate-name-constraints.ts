import Type from 'typebox';
import { flag, list, text } from './fields/field.ts';

const names = (description: string) =>
  Type.Object(
    {
      dnsDomains: Type.Optional(list(text('DNS domain.'), 'DNS domains; a leading dot leaves the domain itself out.')),
      ipRanges: Type.Optional(list(text('CIDR range.'), 'IP ranges in CIDR notation.')),
      emailAddresses: Type.Optional(list(text('E-mail address or domain.'), 'E-mail addresses or whole mail domains.')),
      uriDomains: Type.Optional(list(text('Domain.'), 'Domains of URIs.')),
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
