import { secretKey } from '../names.ts';
import type { Policy } from './policy.ts';

export const secretDoesNotExist: Policy = ({ secret }) =>
  secret === undefined
    ? { reason: 'DoesNotExist', message: 'Issuing certificate as Secret does not exist' }
    : undefined;

export const secretIsMissingParts: Policy = ({ secret }) => {
  const data = secret?.data ?? {};
  const missing = missingPart(data);
  return missing === undefined
    ? undefined
    : { reason: 'MissingData', message: `Issuing certificate as Secret does not contain ${missing}` };
};

function missingPart(data: Readonly<Record<string, string>>): string | undefined {
  if (Object.keys(data).length === 0) return 'any data';
  if (!data[secretKey.privateKey]) return 'a private key';
  return data[secretKey.certificate] ? undefined : 'a certificate';
}
