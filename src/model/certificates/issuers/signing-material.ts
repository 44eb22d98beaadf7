import type { ClusterIssuer, Issuer, Secret } from '#model/resources';
import { decodeText, readChain, readKey } from '../material.ts';
import type { Reading } from '../material.ts';
import { crossKey, secretKey } from '../names.ts';
import { PairMemo } from '../pair-memo.ts';
import type { SigningMaterial } from '../tasks.ts';

/** What a CA issuer signs with, from its Secret; or what the Secret lacks. */
export function signingMaterial(issuer: Issuer | ClusterIssuer, secret: Secret): Reading<SigningMaterial> {
  return known.get(issuer, secret, () => read(issuer, secret));
}

const known = new PairMemo<Issuer | ClusterIssuer, Secret, Reading<SigningMaterial>>();

function read(issuer: Issuer | ClusterIssuer, secret: Secret): Reading<SigningMaterial> {
  const { data = {}, metadata } = secret;
  const chain = readChain(data[secretKey.certificate]);
  if (!chain.ok) return chain;
  const key = readKey(data[secretKey.privateKey]);
  if (!key.ok) return key;
  const { crlDistributionPoints = [], ocspServers = [], issuingCertificateURLs = [] } = issuer.spec.ca ?? {};
  const value: SigningMaterial = {
    id: [issuer.metadata.uid, issuer.metadata.generation ?? 0, metadata.uid, metadata.resourceVersion].join('/'),
    chainPEM: decodeText(data[secretKey.certificate] ?? ''),
    privateKeyPEM: decodeText(data[secretKey.privateKey] ?? ''),
    caPEM: decodeText(data[secretKey.ca] ?? ''),
    ...(data[crossKey] ? { crossPEM: decodeText(data[crossKey]) } : {}),
    crlDistributionPoints,
    ocspServers,
    issuingCertificateURLs,
  };
  return { ok: true, value };
}
