import { createAuthority, issueCertificate } from '#pki/issuance';
import type { CertificateAuthority, IssueOrder } from '#pki/issuance';
import { encodeName, nameFromSubject, p256 } from '#pki/x509';
import type { GeneralName, SubjectFields } from '#pki/x509';

/** A certificate and its key, as PEM texts. */
export interface Pair {
  readonly cert: string;
  readonly key: string;
}

/** The CA of the test servers, which signs their certificates and those of their clients. */
export interface TestPKI {
  readonly ca: string;
  /** A CA that has signed nothing here. */
  readonly otherCA: string;
  readonly server: Pair;
  /** Another pair for the same server. */
  renewedServer(): Pair;
  client(name: string, groups: readonly string[]): Pair;
}

const usages = { 'server auth': ['server auth'], 'client auth': ['client auth'], none: [] } as const;

function orderOf(subject: SubjectFields, usage: keyof typeof usages, altNames: GeneralName[] = []): IssueOrder {
  const isCA = usage === 'none';
  return {
    key: p256,
    subject: encodeName(nameFromSubject(subject)),
    altNames,
    keyUsages: isCA ? ['digital signature', 'cert sign'] : ['digital signature'],
    extendedKeyUsages: usages[usage],
    isCA,
    durationSeconds: 86_400,
    withRequest: false,
  };
}

function issueAuthority(commonName: string): { authority: CertificateAuthority; pem: string } {
  const { key, issued } = issueCertificate(orderOf({ commonName }, 'none'), undefined, new Date());
  return { authority: createAuthority([issued.certificate], key), pem: issued.toPEM() };
}

function createPKI(): TestPKI {
  const { authority, pem } = issueAuthority('test-ca');
  const issue = (order: IssueOrder): Pair => {
    const { key, issued } = issueCertificate(order, authority, new Date());
    return { cert: issued.toPEM(), key: key.toPEM('PKCS8') };
  };
  const names: GeneralName[] = [
    { type: 'dns', value: 'localhost' },
    { type: 'ip', value: '127.0.0.1' },
  ];
  const renewedServer = (): Pair => issue(orderOf({ commonName: 'localhost' }, 'server auth', names));
  return {
    ca: pem,
    otherCA: issueAuthority('other-ca').pem,
    server: renewedServer(),
    renewedServer,
    client: (commonName, groups) => issue(orderOf({ commonName, organizations: [...groups] }, 'client auth')),
  };
}

let shared: TestPKI | undefined;

/** Made once for each test process. */
export function testPKI(): TestPKI {
  shared ??= createPKI();
  return shared;
}
