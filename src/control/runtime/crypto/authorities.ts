import { randomBytes } from 'node:crypto';
import { createAuthority, createSelfIssuer } from '#pki/issuance';
import type { CertificateTemplate } from '#pki/issuance';
import { commonNameOID, encodeName, parseCertificatesPEM, parsePrivateKeyPEM } from '#pki/x509';
import type { Certificate, Name, PrivateKey } from '#pki/x509';
import type { CrossSignTask, MadeAuthority, SucceedAuthorityTask } from './crypto-pool.ts';

/** A self-signed CA with the rights and the length of life of `before`, and its name unless another is given. */
export function nextAuthority(before: Certificate, key: PrivateKey, order: SucceedAuthorityTask): MadeAuthority {
  const { commonName, now } = order;
  const subject = commonName === undefined ? before.rawSubject : encodeName(renamed(before.subject, commonName));
  const life = before.notAfter.getTime() - before.notBefore.getTime();
  const notBefore = wholeSecond(now);
  const notAfter = new Date(notBefore.getTime() + life);
  const issuer = createSelfIssuer(subject, key);
  const template = { ...rightsOf(before), subject, spki: key.spki, notBefore, notAfter };
  const issued = issuer.sign(issuer.prepare(template));
  return { certificatePEM: issued.toPEM(), privateKeyPEM: key.toPEM('PKCS8') };
}

/** Valid while both are. */
export function crossSign({ certificatePEM, by, now }: CrossSignTask): Pick<MadeAuthority, 'certificatePEM'> {
  const [certificate] = parseCertificatesPEM(certificatePEM);
  const signer = createAuthority(
    parseCertificatesPEM(by.certificatePEM).slice(0, 1),
    parsePrivateKeyPEM(by.privateKeyPEM),
  );
  const { notAfter, rawSubject, spki } = certificate!;
  const ends = Math.min(notAfter.getTime(), signer.certificate.notAfter.getTime());
  const template: CertificateTemplate = {
    ...rightsOf(certificate!),
    subject: rawSubject,
    spki,
    notBefore: wholeSecond(now),
    notAfter: new Date(ends),
  };
  return { certificatePEM: signer.issuer.sign(signer.issuer.prepare(template)).toPEM() };
}

const wholeSecond = (now: Date): Date => new Date(Math.floor(now.getTime() / 1000) * 1000);

type Rights = Omit<CertificateTemplate, 'subject' | 'spki' | 'notBefore' | 'notAfter'>;

function rightsOf({ pathLength, keyUsages, fields }: Certificate): Rights {
  const { altNames, nameConstraints, extendedKeyUsages = [] } = fields;
  return {
    serialNumber: newSerialNumber(),
    altNames,
    isCA: true,
    ...(pathLength === undefined ? {} : { pathLength }),
    keyUsages: keyUsages.length === 0 ? ['cert sign', 'crl sign', 'digital signature'] : keyUsages,
    extendedKeyUsages,
    ...(nameConstraints === undefined ? {} : { nameConstraints }),
  };
}

/** 127 random bits, never zero at the front. */
function newSerialNumber(): Uint8Array {
  const bytes = randomBytes(16);
  bytes[0] = (bytes[0]! & 0x3f) | 0x40;
  return bytes;
}

const isCommonName = (type: string): boolean => type === commonNameOID;

/** The name with another common name, which it gets at its end when it had none. */
function renamed(name: Name, commonName: string): Name {
  const changed = name.map((rdn) =>
    rdn.map((attribute) => (isCommonName(attribute.type) ? { type: commonNameOID, value: commonName } : attribute)),
  );
  const has = name.flat().some(({ type }) => isCommonName(type));
  return has ? changed : [...changed, [{ type: commonNameOID, value: commonName }]];
}
