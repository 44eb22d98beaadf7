import { generateKeyPairSync } from 'node:crypto';
import { privateKeyFromKeyObject, subjectAltNameExtension } from '#pki/x509';
import { makeCertificate } from '../../src/pki/x509/certificates/certificate.fixture.ts';

/** A certificate that belongs to its key and that no TLS engine of today takes: RSA of 1024 bits. */
export function weakPair(): { readonly cert: string; readonly key: string; readonly fingerprint: string } {
  const key = privateKeyFromKeyObject(generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey);
  const { certificate } = makeCertificate({
    subject: 'site.invalid',
    key,
    extensions: [subjectAltNameExtension([{ type: 'dns', value: 'site.invalid' }], false)],
  });
  return { cert: certificate.toPEM(), key: key.toPEM('PKCS8'), fingerprint: certificate.fingerprint };
}
