import { writeEncryptedKey } from '#pki/keystore';
import type { Keystore } from '#pki/keystore';
import type { Certificate, PrivateKey } from '#pki/x509';
import { distinctAliases } from './aliases.ts';
import { distinct } from './distinct.ts';
import { pathOf } from './judge-chain.ts';
import { unfit } from './limits.ts';
import type { KeyEntryMaterial, MaterialFile } from './material.ts';
import { containerFile, isContainerFormat, pemFile } from './written-files.ts';
import type { WriteOptions } from './written-files.ts';

/**
 * Keys with their chains, roots included, as files: one for PEM and the containers; for DER, which holds one thing a
 * file, the key, the certificate, and each issuer. What is written is read back by readKeystoreMaterial, except that PEM
 * and DER have no aliases. JKS and JCEKS have theirs in lower case. Errors: `keystore-password-missing`;
 * `material-unfit` for several keys in DER.
 */
export function writeKeystoreMaterial(entries: readonly KeyEntryMaterial[], options: WriteOptions): MaterialFile[] {
  const { format } = options;
  if (isContainerFormat(format)) return [containerFile('keystore', format, containerOf(entries), options)];
  return format === 'PEM' ? [keystorePEM(entries, options)] : keystoreDER(entries, options);
}

function containerOf(entries: readonly KeyEntryMaterial[]): Keystore {
  const names = distinctAliases(
    entries.map(({ alias }) => alias),
    'key',
  );
  return {
    entries: entries.map((entry, i) => ({
      type: 'key',
      alias: names[i]!,
      key: entry.key.toDER('PKCS8'),
      chain: pathOf(entry).map(({ der }) => der),
    })),
  };
}

/** Every certificate once, in the order of the chains, and the keys after them. */
function keystorePEM(entries: readonly KeyEntryMaterial[], options: WriteOptions): MaterialFile {
  const certificates = distinct(entries.flatMap(pathOf)).map(({ der }) => ({ label: 'CERTIFICATE', der }));
  const keys = entries.map(({ key }) => keyBlock(key, options));
  return pemFile('keystore.pem', [...certificates, ...keys]);
}

function keyBlock(key: PrivateKey, { password, random }: WriteOptions): { label: string; der: Uint8Array } {
  const der = key.toDER('PKCS8');
  if (password === undefined || password === '') return { label: 'PRIVATE KEY', der };
  return { label: 'ENCRYPTED PRIVATE KEY', der: writeEncryptedKey(der, { password, random }) };
}

function keystoreDER(entries: readonly KeyEntryMaterial[], options: WriteOptions): MaterialFile[] {
  const [entry] = entries;
  if (entry === undefined || entries.length > 1) {
    const hint = 'Choose PEM, PKCS12, JKS or JCEKS, or one alias.';
    throw unfit(`${entries.length} private keys cannot be written as DER, which holds one.`, 'format', hint);
  }
  const [own, ...issuers] = pathOf(entry);
  return [
    { name: 'tls.crt', bytes: own!.der },
    { name: 'tls.key', bytes: keyBlock(entry.key, options).der },
    ...issuers.map(issuerFile),
  ];
}

function issuerFile({ der }: Certificate, i: number): MaterialFile {
  return { name: `issuer-${i + 1}.crt`, bytes: der };
}
