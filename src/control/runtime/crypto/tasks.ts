import { randomBytes } from 'node:crypto';
import { CodedError } from '#errors';
import { createAuthority, createSelfIssuer, templateFromRequest } from '#pki/issuance';
import type { CertificateAuthority, RequestFields } from '#pki/issuance';
import {
  buildCertificateRequest,
  formatCertificateRequestPEM,
  parseCertificateRequestPEM,
  parseCertificatesPEM,
  parsePrivateKeyPEM,
} from '#pki/x509';
import type { KeySpec, PrivateKey } from '#pki/x509';
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
import type { IssueResult, IssueTask, PoolResults, PoolTask } from './crypto-pool.ts';
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
      return failing(() => signByCA(task, tools.authorities));
    case 'self-sign':
      return failing(() => signByItself(task));
    case 'make-keystores':
      return failing(() => makeKeystores(task, randomBytes));
    case 'make-temporary':
      return failing(() => makeTemporary(task));
    case 'issue':
      break;
  }
  return whenKey(tools.makeKey(wantedKeySpec(task.spec)), (key) => issue(task, key, tools));
}

function whenKey<T>(key: PrivateKey | Promise<PrivateKey>, use: (key: PrivateKey) => T): T | Promise<T> {
  return key instanceof Promise ? key.then(use) : use(key);
}

function keyResult(key: PrivateKey): TaskResults['make-key'] {
  const pems = { PKCS1: key.toPEM('PKCS1'), PKCS8: key.toPEM('PKCS8') };
  return { pems, spki: Buffer.from(key.spki).toString('base64') };
}

function makeRequest({ spec, privateKeyPEM }: MakeRequestTask): { requestPEM: string } {
  return { requestPEM: requestFor(parsePrivateKeyPEM(privateKeyPEM), spec) };
}

function requestFor(key: PrivateKey, spec: MakeRequestTask['spec']): string {
  return formatCertificateRequestPEM(buildCertificateRequest(key, requestContent(spec)));
}

function issue({ spec, signing }: IssueTask, key: PrivateKey, tools: TaskTools): IssueResult {
  const made = keyResult(key);
  const request = failing(() => ({ requestPEM: requestFor(key, spec) }));
  if ('failed' in request) return { key: made, request, signed: request };
  const order = { ...signing, requestPEM: request.requestPEM };
  const signed = failing(() =>
    order.task === 'sign'
      ? signByCA(order, tools.authorities, true)
      : selfSign(order, key, order.crlDistributionPoints, true),
  );
  return { key: made, request, signed };
}

function signByCA(task: SignTask, authorities: Authorities, signatureKnown = false): SignedCertificate {
  const { issuer: material, mayOutliveCA } = task;
  const { issuer, certificate, chainPEM, caPEM } = authorities.get(material);
  const fields: RequestFields = {
    ...fieldsOf(task, signatureKnown),
    issuerNotAfter: certificate.notAfter,
    mayOutliveIssuer: mayOutliveCA,
    crlDistributionPoints: material.crlDistributionPoints,
    ocspServers: material.ocspServers,
    issuingCertificateURLs: material.issuingCertificateURLs,
  };
  const { template, validity } = templateFromRequest(parseCertificateRequestPEM(task.requestPEM), fields, task.now);
  const issued = issuer.sign(issuer.prepare(template));
  const asked = new Date(Math.floor(task.now.getTime() / 1000) * 1000 + task.durationSeconds * 1000);
  return {
    chainPEM: issued.toPEM() + chainPEM,
    caPEM,
    notAfter: validity.notAfter,
    ...(validity.clamped ? { askedNotAfter: asked } : {}),
  };
}

function signByItself(task: SelfSignTask): SignedCertificate {
  return selfSign(task, parsePrivateKeyPEM(task.privateKeyPEM), task.crlDistributionPoints);
}

function selfSign(
  order: SigningOrder,
  key: PrivateKey,
  crlDistributionPoints: readonly string[],
  signatureKnown = false,
): SignedCertificate {
  const request = parseCertificateRequestPEM(order.requestPEM);
  const fields = { ...fieldsOf(order, signatureKnown), crlDistributionPoints };
  const { template, validity } = templateFromRequest(request, fields, order.now);
  const issuer = createSelfIssuer(request.rawSubject, key);
  const pem = issuer.sign(issuer.prepare(template)).toPEM();
  return { chainPEM: pem, caPEM: pem, notAfter: validity.notAfter };
}

function fieldsOf({ isCA, usages, durationSeconds }: SigningOrder, signatureKnown: boolean): RequestFields {
  return { isCA, usages, durationSeconds, signatureKnown };
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
