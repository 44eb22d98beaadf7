import type { Keystore } from '#pki/keystore';
import { distinctAliases } from './aliases.ts';
import type { MaterialFile, TrustedMaterial } from './material.ts';
import { containerFile, isContainerFormat, pemFile } from './written-files.ts';
import type { WriteOptions } from './written-files.ts';

/**
 * Trusted certificates as files: one for PEM and the containers, one for each certificate in DER. Java lists every
 * certificate of the PKCS#12 file. Those without alias are named `certificate-1`, `certificate-2`… Error
 * `keystore-password-missing`.
 */
export function writeTruststoreMaterial(trusted: readonly TrustedMaterial[], options: WriteOptions): MaterialFile[] {
  const { format } = options;
  if (isContainerFormat(format)) return [containerFile('truststore', format, containerOf(trusted), options)];
  const certificates = trusted.map(({ certificate }) => certificate.der);
  if (format === 'PEM')
    return [
      pemFile(
        'truststore.pem',
        certificates.map((der) => ({ label: 'CERTIFICATE', der })),
      ),
    ];
  return certificates.map((bytes, i) => ({ name: `certificate-${i + 1}.crt`, bytes }));
}

function containerOf(trusted: readonly TrustedMaterial[]): Keystore {
  const names = distinctAliases(
    trusted.map(({ alias = '' }) => alias),
    'certificate',
  );
  return {
    entries: trusted.map(({ certificate }, i) => ({ type: 'trusted', alias: names[i]!, certificate: certificate.der })),
  };
}
