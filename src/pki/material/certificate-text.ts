import { sizeLimits, tooLarge } from './limits.ts';
import type { MaterialOptions, TruststoreMaterial } from './material.ts';
import { readTruststoreMaterial } from './read-truststore-material.ts';

/**
 * The certificates of a text field: PEM, or base64 of a DER, PKCS#7, PKCS#12, JKS or JCEKS file. The length is looked at
 * before anything is decoded. Errors as readTruststoreMaterial.
 */
export function readCertificateText(text: string, options: MaterialOptions): TruststoreMaterial {
  if (text.length > sizeLimits.base64Characters) {
    throw tooLarge(`The text has ${text.length} characters; at most ${sizeLimits.base64Characters} are read.`);
  }
  return readTruststoreMaterial([Buffer.from(text, 'utf8')], options);
}
