import { CodedError } from '#errors';
import type { Secret } from '#model/resources';
import type { CAFacts } from '#model/rotation';
import { parseCertificatesPEM, type Certificate } from '#pki/x509';

/** The CA in a Secret, with those above it. Fails with bad-request when it holds none. */
export function authorityFacts({ metadata, data = {} }: Secret): CAFacts {
  const files = ['tls.crt', 'ca.crt'].flatMap((key) => data[key] || []);
  const chain = files.flatMap((file) => parseCertificatesPEM(Buffer.from(file, 'base64')));
  const [first] = chain;
  if (first?.isCA !== true) {
    throw new CodedError('bad-request', `Secret "${metadata.name}" holds no CA`, {
      field: 'tls.crt',
      hint: 'Name a Certificate with isCA true that is Ready, or secret/NAME of a CA that was brought along.',
    });
  }
  return factsOf(first, [...new Set(chain.map(({ fingerprint }) => fingerprint))]);
}

function factsOf({ fingerprint, subjectText, notAfter, subjectKeyId }: Certificate, path: string[]): CAFacts {
  const keyId = subjectKeyId === undefined ? {} : { subjectKeyId: Buffer.from(subjectKeyId).toString('hex') };
  return { fingerprint, subject: subjectText, notAfter, ...keyId, path };
}
