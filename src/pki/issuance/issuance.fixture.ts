import { encodeName, generalNames, generateKey, nameFromSubject, noSubtrees, p256 } from '#pki/x509';
import type { SubjectAltNames } from '#pki/x509';
import { createAuthority } from './authority.ts';
import type { CertificateAuthority } from './authority.ts';
import { issueCertificate } from './issue.ts';
import type { IssueOrder, IssueResult } from './issue.ts';
import { serialNumber } from './serial.ts';
import type { CertificateTemplate } from './template.ts';

export const now = new Date('2030-01-01T12:00:00Z');
export const year = 365 * 24 * 3600;

export function subjectOf(commonName: string): Uint8Array {
  return encodeName(nameFromSubject({ commonName }));
}

export function altNamesOf(names: Partial<SubjectAltNames>): IssueOrder['altNames'] {
  return generalNames(names);
}

/** An end-entity order that keeps every lint. */
export const leafOrder: IssueOrder = {
  key: p256,
  subject: subjectOf('leaf.example'),
  altNames: altNamesOf({ dnsNames: ['leaf.example'] }),
  keyUsages: ['digital signature', 'key encipherment'],
  extendedKeyUsages: ['server auth', 'client auth'],
  isCA: false,
  durationSeconds: 30 * 24 * 3600,
  withRequest: true,
};

export const caOrder: IssueOrder = {
  ...leafOrder,
  subject: subjectOf('Root'),
  altNames: [],
  keyUsages: ['digital signature', 'cert sign', 'crl sign'],
  extendedKeyUsages: [],
  isCA: true,
  durationSeconds: 10 * year,
};

export interface TestAuthority extends CertificateAuthority {
  readonly result: IssueResult;
}

/** A CA below `parent`, or a root. */
export function makeAuthority(order: Partial<IssueOrder> = {}, parent?: TestAuthority): TestAuthority {
  const result = issueCertificate({ ...caOrder, ...order }, parent, now);
  const above = parent === undefined ? [] : [parent.certificate];
  return { ...createAuthority([result.issued.certificate, ...above], result.key), result };
}

const key = generateKey(p256);

/** A template that keeps every lint, for the tables. */
export const goodTemplate: CertificateTemplate = {
  serialNumber: serialNumber(Buffer.alloc(20, 0xab)),
  notBefore: now,
  notAfter: new Date(now.getTime() + 1000 * leafOrder.durationSeconds),
  subject: leafOrder.subject,
  spki: key.spki,
  altNames: leafOrder.altNames,
  isCA: false,
  keyUsages: leafOrder.keyUsages,
  extendedKeyUsages: leafOrder.extendedKeyUsages,
};

export const constraints = {
  critical: true,
  permitted: { ...noSubtrees, dnsDomains: ['good.example'] },
  excluded: noSubtrees,
};
