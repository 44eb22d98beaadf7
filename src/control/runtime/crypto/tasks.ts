import { randomBytes } from 'node:crypto';
import { CodedError } from '#errors';
import { createAuthority, createSelfIssuer, templateForIdentity, templateFromRequest } from '#pki/issuance';
import type { CertificateAuthority, PlannedCertificate, RequestFields } from '#pki/issuance';
import {
  buildCertificateRequest,
  formatCertificateRequestPEM,
  parseCertificateRequestPEM,
  parseCertificatesPEM,
  parsePrivateKeyPEM,
  requestedIdentity,
} from '#pki/x509';
import type { KeySpec, PrivateKey, RequestContent, RequestedIdentity } from '#pki/x509';
import { requestContent, wantedKeySpec } from '#model/certificates';
import type {
  MakeRequestTask,
  SelfSignTask,
  SignedCertificate,
  SigningMaterial,
  SigningOrder,
  SignTask,
  TaskFailure,
  TaskResults,
} from '#model/certificates';
import { describeKeystore, describeTruststore } from '#model/stores';
import type { IssueResult, IssueTask, PoolResults, PoolTask, SucceedAuthorityTask } from './crypto-pool.ts';
import { crossSign, nextAuthority } from './authorities.ts';
import { makeKeystores } from './keystores.ts';
import { makeTemporary } from './temporary.ts';

/** What the tasks need of the thread that they run on. */
export interface TaskTools {
  makeKey(spec: KeySpec): PrivateKey | Promise<PrivateKey>;
  readonly authorities: Authorities;
}

/** CAs by the name of their material, so that a CA is read once and not for every certificate. */
export class Authorities {
  readonly #known = new Map<string, CertificateAuthority>();

  get(material: SigningMaterial): CertificateAuthority {
    const known = this.#known.get(material.id);
    if (known !== undefined) return known;
    const above = material.caPEM === '' ? [] : parseCertificatesPEM(material.caPEM).slice(0, 1);
    const chain = [...parseCertificatesPEM(material.chainPEM), ...above];
    const authority = createAuthority(chain, parsePrivateKeyPEM(material.privateKeyPEM));
    if (this.#known.size >= 256) this.#known.delete(this.#known.keys().next().value!);
    this.#known.set(material.id, authority);
    return authority;
  }
}

type Answer<K extends keyof PoolResults> = PoolResults[K] | Promise<PoolResults[K]>;

/** Does one task. A promise only where the key must be waited for. */
export function runTask(task: PoolTask, tools: TaskTools): Answer<keyof PoolResults> {
  switch (task.task) {
    case 'make-key':
      return whenKey(tools.makeKey(task.key), keyResult);
    case 'make-request':
      return failing(() => makeRequest(task));
    case 'sign':
      return failing(() => signRequestByCA(task, tools.authorities));
    case 'self-sign':
      return failing(() => signByItself(task));
    case 'make-keystores':
      return failing(() => makeKeystores(task, randomBytes));
    case 'make-temporary':
      return failing(() => makeTemporary(task));
    case 'describe-keystore':
      return describeKeystore(task.source, task.now);
    case 'describe-truststore':
      return describeTruststore(task.source, task.now);
    case 'succeed-authority':
      return succeedAuthority(task, tools);
    case 'cross-sign':
      return failing(() => crossSign(task));
    case 'issue':
      break;
  }
  return whenKey(tools.makeKey(wantedKeySpec(task.spec)), (key) => issue(task, key, tools));
}

function whenKey<T>(key: PrivateKey | Promise<PrivateKey>, use: (key: PrivateKey) => T): T | Promise<T> {
  return key instanceof Promise ? key.then(use) : use(key);
}

function succeedAuthority(task: SucceedAuthorityTask, tools: TaskTools): Answer<'succeed-authority'> {
  const [before] = parseCertificatesPEM(task.certificatePEM);
  const { privateKeyPEM: kept } = task;
  const { keySpec } = before!;
  if (kept === undefined && keySpec === undefined) return { failed: 'the key of the CA is of an unknown kind' };
  return whenKey(kept === undefined ? tools.makeKey(keySpec!) : parsePrivateKeyPEM(kept), (key) =>
    failing(() => nextAuthority(before!, key, task)),
  );
}

function keyResult(key: PrivateKey): TaskResults['make-key'] {
  const pems = { PKCS1: key.toPEM('PKCS1'), PKCS8: key.toPEM('PKCS8') };
  return { pems, spki: Buffer.from(key.spki).toString('base64') };
}

function makeRequest({ spec, privateKeyPEM }: MakeRequestTask): { requestPEM: string } {
  return { requestPEM: requestFor(parsePrivateKeyPEM(privateKeyPEM), requestContent(spec)) };
}

function requestFor(key: PrivateKey, content: RequestContent): string {
  return formatCertificateRequestPEM(buildCertificateRequest(key, content));
}

/** The request is not read back for the certificate: what is in it is known. */
function issue({ spec, signing }: IssueTask, key: PrivateKey, tools: TaskTools): IssueResult {
  const made = keyResult(key);
  const request = failing(() => {
    const content = requestContent(spec);
    return { requestPEM: requestFor(key, content), content };
  });
  if ('failed' in request) return { key: made, request, signed: request };
  const { requestPEM, content } = request;
  const signed = failing(() => {
    const identity = requestedIdentity(key, content);
    const plan: Plan = (fields) => templateForIdentity(identity, fields, signing.now);
    return signing.task === 'sign'
      ? signByCA(signing, tools.authorities, plan)
      : selfSign(signing, key, identity, plan);
  });
  return { key: made, request: { requestPEM }, signed };
}

/** Plans a certificate from what is asked and what the fields add. */
type Plan = (fields: RequestFields) => PlannedCertificate;

function signRequestByCA(task: SignTask, authorities: Authorities): SignedCertificate {
  const request = parseCertificateRequestPEM(task.requestPEM);
  return signByCA(task, authorities, (fields) => templateFromRequest(request, fields, task.now));
}

function signByCA(task: Omit<SignTask, 'requestPEM'>, authorities: Authorities, plan: Plan): SignedCertificate {
  const { issuer: material, mayOutliveCA } = task;
  const { issuer, certificate, chainPEM, caPEM } = authorities.get(material);
  const { template, validity } = plan({
    ...fieldsOf(task),
    issuerNotAfter: certificate.notAfter,
    mayOutliveIssuer: mayOutliveCA,
    crlDistributionPoints: material.crlDistributionPoints,
    ocspServers: material.ocspServers,
    issuingCertificateURLs: material.issuingCertificateURLs,
  });
  const issued = issuer.sign(issuer.prepare(template));
  const asked = new Date(Math.floor(task.now.getTime() / 1000) * 1000 + task.durationSeconds * 1000);
  return {
    chainPEM: issued.toPEM() + chainPEM + (material.crossPEM ?? ''),
    caPEM,
    notAfter: validity.notAfter,
    ...(validity.clamped ? { askedNotAfter: asked } : {}),
  };
}

function signByItself(task: SelfSignTask): SignedCertificate {
  const request = parseCertificateRequestPEM(task.requestPEM);
  const plan: Plan = (fields) => templateFromRequest(request, fields, task.now);
  return selfSign(task, parsePrivateKeyPEM(task.privateKeyPEM), request, plan);
}

function selfSign(
  order: Omit<SelfSignTask, 'requestPEM' | 'privateKeyPEM'>,
  key: PrivateKey,
  { rawSubject }: RequestedIdentity,
  plan: Plan,
): SignedCertificate {
  const { crlDistributionPoints } = order;
  const { template, validity } = plan({ ...fieldsOf(order), crlDistributionPoints });
  const issuer = createSelfIssuer(rawSubject, key);
  const pem = issuer.sign(issuer.prepare(template)).toPEM();
  return { chainPEM: pem, caPEM: pem, notAfter: validity.notAfter };
}

function fieldsOf({ isCA, usages, durationSeconds }: Omit<SigningOrder, 'requestPEM'>): RequestFields {
  return { isCA, usages, durationSeconds };
}

/** What a coded error says is the result: trying again would not change it. */
function failing<T>(run: () => T): T | TaskFailure {
  try {
    return run();
  } catch (error) {
    if (error instanceof CodedError) return { failed: error.message };
    throw error;
  }
}
