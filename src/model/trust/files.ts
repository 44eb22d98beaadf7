import type { RandomBytes } from '#pki/keystore';
import { writeTruststoreMaterial } from '#pki/material';
import type { MaterialFile, TrustedMaterial, WrittenFormat } from '#pki/material';
import { parseCertificatesPEM } from '#pki/x509';
import type { Anchor, TrustBundleFormat } from '#model/resources';

/** A file to write, its password resolved. */
export interface BundleFormat extends Pick<TrustBundleFormat, 'format' | 'key'> {
  readonly password?: string | undefined;
}

export interface BundleFileOptions {
  readonly random: RandomBytes;
  /** The date that Java shows for every entry. */
  readonly now: Date;
}

const written: Readonly<Record<BundleFormat['format'], WrittenFormat>> = { pem: 'PEM', pkcs12: 'PKCS12', jks: 'JKS' };

/**
 * The trusted anchors as files, each named by its key; the same arguments give the same bytes. Java sees names that stay
 * when others come and go. Error `keystore-password-missing`.
 */
export function bundleFiles(
  anchors: readonly Anchor[],
  formats: readonly BundleFormat[],
  { random, now }: BundleFileOptions,
): MaterialFile[] {
  const trusted = anchors.filter(({ state }) => state !== 'withdrawn').flatMap(trustedMaterial);
  return formats.map(({ format, key, password }) => {
    const [file] = writeTruststoreMaterial(trusted, { format: written[format], password, random, now });
    return { name: key, bytes: file!.bytes };
  });
}

const trustedMaterial = ({ certificate, subject, fingerprint, isCA }: Anchor): TrustedMaterial[] =>
  parseCertificatesPEM(certificate).map((one) => ({ alias: aliasOf(subject, fingerprint), certificate: one, isCA }));

/** `internal-root-3f2a9c01`, from the first name in the subject and the fingerprint. */
function aliasOf(subject: string, fingerprint: string): string {
  const [, name = ''] = /^[^=,]*=([^,+]*)/.exec(subject) ?? [];
  const slug = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replaceAll(/^-|-$/g, '');
  return [slug, fingerprint.slice(0, 8)].filter((part) => part !== '').join('-');
}
