import { isCoded } from '#errors';
import {
  commonNameOID,
  emptyName,
  nameAttributes,
  parseName,
  publicKeySpec,
  isSupportedKeySpec,
  formatKeySpec,
} from '#pki/x509';
import type { Lint } from './lint.ts';

/** Fewest octets: 64 bits, which CA/Browser Forum asks for; 159 random bits are shorter once in 2^95. */
const fewestSerialOctets = 8;

export const serialLint: Lint = {
  name: 'serial-159-bit',
  source: 'RFC 5280 4.1.2.2, CA/Browser Forum BR 7.1',
  check({ serialNumber }) {
    const first = serialNumber.findIndex((octet) => octet !== 0);
    const octets = first === -1 ? 0 : serialNumber.length - first;
    if (octets < fewestSerialOctets) return 'the serial number has fewer than 64 bits';
    return octets > 20 || (octets === 20 && serialNumber[first]! >= 0x80) ? 'the serial number is too long' : undefined;
  },
};

export const validityLint: Lint = {
  name: 'validity-order',
  source: 'RFC 5280 4.1.2.5',
  check({ notBefore, notAfter }) {
    if (!(notBefore < notAfter)) return 'the certificate would end before it starts';
    return notAfter.getUTCFullYear() > 9999 ? 'the certificate would end after the year 9999' : undefined;
  },
};

export const identityLint: Lint = {
  name: 'subject-or-san',
  source: 'RFC 5280 4.1.2.6',
  check({ subject, altNames }) {
    const hasSubject = subject.length > emptyName.length;
    return hasSubject || altNames.length > 0 ? undefined : 'neither a subject nor an alternative name is given';
  },
};

const longestCommonName = 64;

export const commonNameLint: Lint = {
  name: 'common-name-length',
  source: 'RFC 5280 appendix A, ub-common-name',
  check({ subject }) {
    if (subject.length <= longestCommonName) return undefined;
    const names = nameAttributes(parseName(subject), commonNameOID);
    return names.some((name) => name.length > longestCommonName) ? 'the common name is longer than 64' : undefined;
  },
};

export const keyLint: Lint = {
  name: 'spki-strength',
  source: 'CA/Browser Forum BR 6.1.5, NIST SP 800-57',
  check({ spki }) {
    try {
      const spec = publicKeySpec(spki);
      return isSupportedKeySpec(spec) ? undefined : `the public key is ${formatKeySpec(spec)}, which is not accepted`;
    } catch (error) {
      if (isCoded(error, 'key-unsupported', 'der-malformed')) return error.message;
      throw error;
    }
  },
};
