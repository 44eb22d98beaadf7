import { parsePEM } from '#pki/x509';
import type { CertificateSpec } from '#model/resources';
import { encodeText } from './material.ts';
import { secretKey } from './names.ts';

/** The further forms of key and chain that the spec asks for: base64 by key of the Secret. */
export function additionalOutputs(
  spec: CertificateSpec,
  privateKeyPEM: string,
  chainPEM: string,
): Record<string, string> {
  const outputs: Record<string, string> = {};
  for (const { type } of spec.additionalOutputFormats ?? []) {
    if (type === 'DER') outputs[secretKey.keyDER] = derOf(privateKeyPEM);
    if (type === 'CombinedPEM') outputs[secretKey.combinedPEM] = encodeText(`${privateKeyPEM}\n${chainPEM}`);
  }
  return outputs;
}

/** The bytes inside the PEM block, in whatever encoding the key is. */
function derOf(privateKeyPEM: string): string {
  const [block] = parsePEM(privateKeyPEM);
  return block === undefined ? '' : Buffer.from(block.der).toString('base64');
}
