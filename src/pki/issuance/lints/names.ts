import type { GeneralName } from '#pki/x509';
import { isASCII, isOID } from '#pki/x509';
import type { Lint } from './lint.ts';

const label = /^(?!-)[A-Za-z0-9_-]{1,63}(?<!-)$/;
const scheme = /^[A-Za-z][A-Za-z0-9+.-]*:[^\s]+$/;
const mailbox = /^[^\s@]+@[^\s@]+$/;

export const altNamesLint: Lint = {
  name: 'san-well-formed',
  source: 'RFC 5280 4.2.1.6, RFC 9525 6.3',
  check({ altNames }) {
    const bad = altNames.find((name) => !isWellFormed(name));
    return bad === undefined ? undefined : `${describe(bad)} is not well-formed`;
  },
};

export const distributionLint: Lint = {
  name: 'distribution-urls',
  source: 'RFC 5280 4.2.1.13 and 4.2.2.1',
  check({ crlDistributionPoints = [], ocspServers = [], issuingCertificateURLs = [] }) {
    const bad = [...crlDistributionPoints, ...ocspServers, ...issuingCertificateURLs].find((url) => !isURI(url));
    return bad === undefined ? undefined : `"${bad}" is not an absolute URI`;
  },
};

function isWellFormed(name: GeneralName): boolean {
  switch (name.type) {
    case 'dns':
      return isDNSName(name.value);
    case 'email':
      return mailbox.test(name.value) && isASCII(name.value);
    case 'uri':
      return isURI(name.value);
    case 'other':
      return isOID(name.oid) && name.utf8Value !== '';
    case 'ip':
    case 'directory':
    case 'registeredID':
    case 'opaque':
      break;
  }
  return true;
}

/**
 * Labels of letters, digits and hyphens, at most 253 characters in all, a wildcard only as the whole first of several.
 * The underscore is let through: names of services have it, and every TLS stack compares it like any other character.
 */
function isDNSName(name: string): boolean {
  const labels = (name.startsWith('*.') ? name.slice(2) : name).split('.');
  return name.length <= 253 && labels.every((part) => label.test(part));
}

function isURI(text: string): boolean {
  return scheme.test(text) && isASCII(text);
}

function describe(name: GeneralName): string {
  if (name.type === 'other') return `other name of type "${name.oid}"`;
  return 'value' in name ? `${name.type} name "${name.value}"` : `${name.type} name`;
}
