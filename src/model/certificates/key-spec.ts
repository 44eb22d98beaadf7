import { keySpec } from '#pki/x509';
import type { KeySpec } from '#pki/x509';
import type { CertificateSpec } from '#model/resources';

/** The key that the spec asks for; RSA 2048 when it says nothing. */
export function wantedKeySpec(spec: CertificateSpec): KeySpec {
  return keySpec(spec.privateKey?.algorithm, spec.privateKey?.size);
}
