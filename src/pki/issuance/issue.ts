import {
  buildCertificateRequest,
  extendedKeyUsageExtension,
  emptyName,
  formatCertificateRequestPEM,
  generateKey,
  generateBareKey,
  keyUsageExtension,
  nameConstraintsExtension,
  PrivateKey,
  subjectAltNameExtension,
} from '#pki/x509';
import type { Extension, GeneralName, KeySpec, KeyUsage, NameConstraints, SignatureAlgorithm } from '#pki/x509';
import type { CertificateAuthority } from './authority.ts';
import { createSelfIssuer } from './authority.ts';
import type { IssuedCertificate } from './issued.ts';
import { newSerialNumber } from './serial.ts';
import type { CertificateTemplate } from './template.ts';
import { planValidity } from './validity.ts';
import type { Validity } from './validity.ts';

/** What a certificate request says, apart from the key. */
export interface RequestOrder {
  /** DER name. */
  readonly subject: Uint8Array;
  readonly altNames: readonly GeneralName[];
  readonly keyUsages: readonly KeyUsage[];
  readonly extendedKeyUsages: readonly string[];
  readonly nameConstraints?: NameConstraints;
  /** False leaves both usage extensions out of the request, as `encodeUsagesInRequest: false` asks for. */
  readonly encodeUsages?: boolean;
  /** Of the request's own signature. Left out: by the key. */
  readonly signatureAlgorithm?: SignatureAlgorithm;
}

/** Everything for one certificate at once. Plain values, apart from a key at hand: an order can cross threads. */
export interface IssueOrder extends RequestOrder {
  /** The key, or the kind of key to make. */
  readonly key: PrivateKey | KeySpec;
  readonly isCA: boolean;
  readonly durationSeconds: number;
  readonly mayOutliveIssuer?: boolean;
  readonly crlDistributionPoints?: readonly string[];
  readonly ocspServers?: readonly string[];
  readonly issuingCertificateURLs?: readonly string[];
  /** Also make the PKCS#10 request, which costs a second signature. */
  readonly withRequest: boolean;
}

export interface IssueResult {
  readonly key: PrivateKey;
  readonly issued: IssuedCertificate;
  readonly requestPEM: string | undefined;
  readonly validity: Validity;
}

/** DER of the request for `key` that an order describes, with the extensions in cert-manager's order. */
export function buildRequest(key: PrivateKey, order: RequestOrder): Uint8Array {
  const { subject, signatureAlgorithm } = order;
  const algorithm = signatureAlgorithm === undefined ? {} : { signatureAlgorithm };
  return buildCertificateRequest(key, { subject, extensions: requestExtensions(order), ...algorithm });
}

/**
 * Key, request and certificate in one call, for a worker thread: issued by `authority` at `now`, or signed by its own key
 * when that is undefined. Fails with lint-failed, key-unsupported, name-malformed.
 */
export function issueCertificate(
  order: IssueOrder,
  authority: CertificateAuthority | undefined,
  now: Date,
): IssueResult {
  const signs = order.withRequest || authority === undefined;
  const key = order.key instanceof PrivateKey ? order.key : (signs ? generateKey : generateBareKey)(order.key);
  const limit = order.mayOutliveIssuer === true ? undefined : authority?.certificate.notAfter;
  const validity = planValidity(now, order.durationSeconds, limit);
  const issuer = authority?.issuer ?? createSelfIssuer(order.subject, key);
  const issued = issuer.sign(issuer.prepare(orderTemplate(order, key, validity)));
  const requestPEM = order.withRequest ? formatCertificateRequestPEM(buildRequest(key, order)) : undefined;
  return { key, issued, requestPEM, validity };
}

function orderTemplate(order: IssueOrder, key: PrivateKey, { notBefore, notAfter }: Validity): CertificateTemplate {
  const { subject, altNames, isCA, keyUsages, extendedKeyUsages, nameConstraints } = order;
  const { crlDistributionPoints = [], ocspServers = [], issuingCertificateURLs = [], mayOutliveIssuer = false } = order;
  return {
    serialNumber: newSerialNumber(),
    notBefore,
    notAfter,
    subject,
    spki: key.spki,
    altNames,
    isCA,
    keyUsages,
    extendedKeyUsages,
    ...(nameConstraints === undefined ? {} : { nameConstraints }),
    crlDistributionPoints,
    ocspServers,
    issuingCertificateURLs,
    mayOutliveIssuer,
  };
}

function requestExtensions(order: RequestOrder): Extension[] {
  const { altNames, subject, nameConstraints, keyUsages, extendedKeyUsages } = order;
  const isUnnamed = subject.length === emptyName.length;
  const encodeUsages = order.encodeUsages !== false;
  return [
    ...(altNames.length > 0 ? [subjectAltNameExtension(altNames, isUnnamed)] : []),
    ...(encodeUsages && keyUsages.length > 0 ? [keyUsageExtension(keyUsages)] : []),
    ...(encodeUsages && extendedKeyUsages.length > 0 ? [extendedKeyUsageExtension(extendedKeyUsages)] : []),
    ...(nameConstraints === undefined ? [] : [nameConstraintsExtension(nameConstraints)]),
  ];
}
