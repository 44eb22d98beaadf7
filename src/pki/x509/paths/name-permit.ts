import type { Certificate } from '../certificates/certificate.ts';
import { isInIPRange, parseIP, parseIPRange } from '../extensions/index.ts';
import type { GeneralName, NameConstraints, NameSubtrees } from '../extensions/index.ts';
import { emailAddressOID } from '../names/attributes.ts';
import { encodeName, nameAttributes } from '../names/name.ts';
import type { Name } from '../names/name.ts';

/**
 * The first name that the constraints forbid, as text; undefined when all are allowed (RFC 5280 4.2.1.10). The subject
 * counts as a directory name, and its emailAddress attributes as email addresses when there is no email alternative name.
 */
export function forbiddenName(
  constraints: NameConstraints,
  subject: Name,
  altNames: readonly GeneralName[],
): string | undefined {
  const names = [...altNames, ...subjectNames(subject, altNames)];
  return names.map((name) => whyForbidden(constraints, name)).find((reason) => reason !== undefined);
}

/** The first name of `certificate` that a name constraint of `issuer` forbids. */
export function forbiddenNameOf(certificate: Certificate, issuer: Certificate): string | undefined {
  const constraints = issuer.fields.nameConstraints;
  return constraints && forbiddenName(constraints, certificate.subject, certificate.fields.altNames);
}

function subjectNames(subject: Name, altNames: readonly GeneralName[]): GeneralName[] {
  if (subject.length === 0) return [];
  const hasEmail = altNames.some(({ type }) => type === 'email');
  const addresses = hasEmail ? [] : nameAttributes(subject, emailAddressOID);
  return [{ type: 'directory', name: subject }, ...addresses.map((value) => ({ type: 'email', value }) as const)];
}

function whyForbidden({ permitted, excluded }: NameConstraints, name: GeneralName): string | undefined {
  if (name.type === 'other' || name.type === 'opaque' || name.type === 'registeredID') {
    const isConstrained = permitted.unknown.length > 0 || excluded.unknown.length > 0;
    return isConstrained ? `${name.type} name under a constraint that is not understood` : undefined;
  }
  const text = name.type === 'directory' ? 'the subject' : `${name.type} name "${name.value}"`;
  const isExcluded = subtreeMatches(excluded, name).includes(true);
  const allowed = subtreeMatches(permitted, name);
  if (isExcluded) return `${text} is excluded`;
  return allowed.length > 0 && !allowed.includes(true) ? `${text} is not permitted` : undefined;
}

/** For each subtree of the name's own type, whether the name lies in it. */
function subtreeMatches(subtrees: NameSubtrees, name: GeneralName): boolean[] {
  switch (name.type) {
    case 'dns':
      return subtrees.dnsDomains.map((domain) => isInDomain(name.value, domain));
    case 'email':
      return subtrees.emailAddresses.map((constraint) => isInMailbox(name.value, constraint));
    case 'uri':
      return subtrees.uriDomains.map((domain) => isInURIDomain(name.value, domain));
    case 'ip':
      return subtrees.ipRanges.map((range) =>
        isInIPRange(parseIP(name.value)!, parseIPRange(range) ?? new Uint8Array()),
      );
    case 'directory':
      return subtrees.directoryNames.map((base) => isInDirectory(name.name, base));
    case 'other':
    case 'opaque':
    case 'registeredID':
      break;
  }
  return [];
}

/** The domain itself and everything below; an empty constraint covers all. A leading dot means below only. */
function isInDomain(name: string, constraint: string): boolean {
  const host = name.toLowerCase();
  const domain = constraint.toLowerCase();
  if (domain.startsWith('.')) return host.endsWith(domain);
  return domain === '' || host === domain || host.endsWith(`.${domain}`);
}

/** A mailbox, all mailboxes of a host, or with a leading dot those of the hosts below a domain. */
function isInMailbox(address: string, constraint: string): boolean {
  const at = address.lastIndexOf('@');
  const host = address.slice(at + 1).toLowerCase();
  const limit = constraint.toLowerCase();
  if (constraint.includes('@')) {
    const end = constraint.lastIndexOf('@');
    return address.slice(0, at) === constraint.slice(0, end) && host === limit.slice(end + 1);
  }
  return limit.startsWith('.') ? host.endsWith(limit) : host === limit;
}

/** By the host of the authority; a URI without a host name can be in no domain. */
function isInURIDomain(uri: string, constraint: string): boolean {
  const authority = /^[a-zA-Z][a-zA-Z0-9+.-]*:\/\/([^/?#]*)/.exec(uri)?.[1] ?? '';
  const host = authority
    .slice(authority.lastIndexOf('@') + 1)
    .replace(/:\d*$/, '')
    .toLowerCase();
  const domain = constraint.toLowerCase();
  if (host === '' || host.startsWith('[')) return false;
  return domain.startsWith('.') ? host.endsWith(domain) : host === domain;
}

function isInDirectory(name: Name, base: Name): boolean {
  return base.every((rdn, at) => {
    const own = name[at];
    return own !== undefined && Buffer.compare(encodeName([own]), encodeName([rdn])) === 0;
  });
}
