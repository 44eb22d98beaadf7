import { isPair, readChain, readKey } from '../material.ts';
import { secretKey } from '../names.ts';
import type { Policy } from './policy.ts';

/** Key and certificate of the Secret must be readable, and be a pair. */
export const secretPublicKeysDiffer: Policy = ({ secret }) => {
  const key = readKey(secret?.data?.[secretKey.privateKey]);
  if (!key.ok)
    return {
      reason: 'InvalidKeyPair',
      message: `Issuing certificate as Secret contains invalid private key data: ${key.problem}`,
    };
  const chain = readChain(secret?.data?.[secretKey.certificate]);
  if (!chain.ok)
    return {
      reason: 'InvalidCertificate',
      message: `Issuing certificate as Secret contains an invalid certificate: ${chain.problem}`,
    };
  return isPair(key.value, chain.value[0]!.spki)
    ? undefined
    : {
        reason: 'InvalidKeyPair',
        message: 'Issuing certificate as Secret contains a private key that does not match the certificate',
      };
};
