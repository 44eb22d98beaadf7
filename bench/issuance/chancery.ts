import { encodeName, generalNames, nameFromSubject, splitUsages } from '#pki/x509';
import type { KeySpec } from '#pki/x509';
import { issueCertificate } from '#pki/issuance';
import type { Contender } from '../harness.ts';
import { repeat } from '../harness.ts';
import { makeAuthority, wanted } from './cases.ts';

/** A new key, names from text, lints, token, signature, key and certificate as PEM: all of it each time. */
export function chancery(spec: KeySpec, withRequest: boolean): Contender {
  const authority = makeAuthority(spec);
  const usages = ['digital signature', 'key encipherment', 'server auth', 'client auth'];
  const issue = (): number => {
    const order = {
      key: spec,
      subject: encodeName(nameFromSubject({ commonName: wanted.commonName })),
      altNames: generalNames(wanted),
      ...splitUsages(usages, false),
      isCA: false,
      durationSeconds: wanted.days * 24 * 3600,
      withRequest,
    };
    const { key, issued } = issueCertificate(order, authority, new Date());
    return key.toPEM('PKCS1').length + issued.toPEM().length;
  };
  const name = withRequest ? 'Chancery, with a PKCS#10 request' : 'Chancery';
  return { name, batch: (seconds) => repeat(seconds, issue) };
}
