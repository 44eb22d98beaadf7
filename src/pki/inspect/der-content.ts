import { parseCertificate, parseCertificateRequest, parsePrivateKeyDER } from '#pki/x509';
import { readEncryptedKey } from '#pki/keystore';
import { readPKCS7 } from '#pki/material';
import type { DERKind } from '#pki/material';
import type { Content } from './gathered.ts';
import { orDamaged } from './gathered.ts';
import type { InspectOptions } from './inspection.ts';

/** The contents of one DER structure; more than one only for PKCS#7. A part that cannot be read is there as damaged. */
export function readDERContents(der: Uint8Array, kind: DERKind, options: InspectOptions): Content[] {
  if (kind === 'pkcs7') return readPKCS7(der).map(certificateContent);
  return [orDamaged(() => readSingle(der, kind, options))];
}

function readSingle(der: Uint8Array, kind: Exclude<DERKind, 'pkcs7'>, options: InspectOptions): Content {
  switch (kind) {
    case 'certificate':
      return { type: 'certificate', certificate: parseCertificate(der) };
    case 'request':
      return { type: 'request', request: parseCertificateRequest(der) };
    case 'key':
      return { type: 'key', key: parsePrivateKeyDER(der) };
    case 'encrypted-key':
      return encryptedKey(der, options.keyPassword ?? options.password);
    case 'crl':
    case 'public-key':
      break;
  }
  return { type: 'other', what: kind };
}

/** A wrong password is the caller's error and not the file's, so it is not made a damaged part. */
function encryptedKey(der: Uint8Array, password: string | undefined): Content {
  if (password === undefined) return { type: 'key', key: undefined };
  return { type: 'key', key: parsePrivateKeyDER(readEncryptedKey(der, password)) };
}

export function certificateContent(der: Uint8Array): Content {
  return orDamaged(() => ({ type: 'certificate', certificate: parseCertificate(der) }));
}
