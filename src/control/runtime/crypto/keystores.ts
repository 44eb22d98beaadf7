import { jksKeystore, jksTruststore, pkcs12Keystore, pkcs12Truststore, writeJKS, writePKCS12 } from '#pki/keystore';
import type { CertificateMaterial, Keystore, RandomBytes } from '#pki/keystore';
import { parseCertificatesPEM, parsePrivateKeyPEM } from '#pki/x509';
import type { KeystoreWish, MakeKeystoresTask } from '#model/certificates';

/** The keystores of one certificate: their bytes in base64, by the key of the Secret that they go to. */
export function makeKeystores(task: MakeKeystoresTask, random: RandomBytes): { files: Record<string, string> } {
  const material: CertificateMaterial = {
    key: parsePrivateKeyPEM(task.privateKeyPEM).toDER('PKCS8'),
    chain: certificatesOf(task.chainPEM),
    ca: task.caPEM === '' ? [] : certificatesOf(task.caPEM),
  };
  const files: Record<string, string> = {};
  for (const wish of task.wishes) {
    for (const [name, keystore] of contentsFor(wish, material)) {
      files[name] = Buffer.from(encode(wish, keystore, task.now, random)).toString('base64');
    }
  }
  return { files };
}

function contentsFor({ format, alias }: KeystoreWish, material: CertificateMaterial): [string, Keystore][] {
  const [extension, keystore, truststore] =
    format === 'jks'
      ? ['jks', jksKeystore(material, alias), jksTruststore(material.ca)]
      : ['p12', pkcs12Keystore(material), pkcs12Truststore(material.ca)];
  const files: [string, Keystore][] = [[`keystore.${extension}`, keystore]];
  return truststore === undefined ? files : [...files, [`truststore.${extension}`, truststore]];
}

function encode(wish: KeystoreWish, keystore: Keystore, now: Date, random: RandomBytes): Uint8Array {
  const { format, password, profile = 'LegacyRC2' } = wish;
  if (format === 'jks') return writeJKS(keystore, { password, random, now });
  return writePKCS12(keystore, { password, profile, random });
}

function certificatesOf(pem: string): Uint8Array[] {
  return parseCertificatesPEM(pem).map(({ der }) => der);
}
