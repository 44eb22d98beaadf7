import { formatTimestamp } from '#model/objects';
import type { ClusterIssuer, Issuer } from '#model/resources';
import { decodeText, isPair, readKey, readRequest } from '../material.ts';
import { annotation, secretKey } from '../names.ts';
import { signingMaterial } from '../issuers/signing-material.ts';
import { normal, warning, write } from '../step.ts';
import type { Remark, Step, WriteStep } from '../step.ts';
import type { SignedCertificate, SigningOrder, TaskFailure } from '../tasks.ts';
import { fail, pending, withCondition } from './request-verdicts.ts';
import type { RequestChange, RequestSnapshot } from './request-snapshot.ts';
import { orderFields } from './signing-order.ts';

const issuedMessage = 'Certificate fetched from issuer successfully';

/** Has an approved request signed by a ready issuer, or says what is missing for that. */
export function nextSigningStep(snapshot: RequestSnapshot, issuer: Issuer | ClusterIssuer): Step<RequestChange> {
  const { ca, selfSigned } = issuer.spec;
  if (ca !== undefined) return signByCA(snapshot, issuer);
  if (selfSigned !== undefined) return signByItself(snapshot, selfSigned.crlDistributionPoints ?? []);
  return pending(snapshot, 'IssuerNotReady', 'Referenced issuer is of a type that this version does not sign with');
}

function signByCA(snapshot: RequestSnapshot, issuer: Issuer | ClusterIssuer): Step<RequestChange> {
  const place = `${snapshot.issuerNamespace}/${issuer.spec.ca!.secretName}`;
  const { issuerSecret } = snapshot;
  if (issuerSecret === undefined) {
    const cause = `secrets "${issuer.spec.ca!.secretName}" not found`;
    return pending(snapshot, 'SecretMissing', `Referenced secret ${place} not found: ${cause}`);
  }
  const material = signingMaterial(issuer, issuerSecret);
  if (!material.ok) {
    const message = `Failed to parse signing CA keypair from secret ${place}: ${material.problem}`;
    return pending(snapshot, 'SecretInvalidData', message);
  }
  const { metadata } = snapshot.request;
  return {
    do: 'ask',
    task: {
      task: 'sign',
      ...order(snapshot),
      issuer: material.value,
      mayOutliveCA: metadata.annotations?.[annotation.allowOutlivingCA] === 'true',
    },
    answer: (result: SignedCertificate | TaskFailure) => conclude(snapshot, result),
  };
}

function signByItself(snapshot: RequestSnapshot, crlDistributionPoints: readonly string[]): Step<RequestChange> {
  const { request, keySecret } = snapshot;
  const name = request.metadata.annotations?.[annotation.privateKeySecretName] ?? '';
  if (name === '') {
    const problem = `Annotation "${annotation.privateKeySecretName}" missing or reference empty: secret name missing`;
    return fail(snapshot, 'MissingAnnotation', problem);
  }
  if (keySecret === undefined) {
    const place = `${request.metadata.namespace}/${name}`;
    return pending(snapshot, 'MissingSecret', `Referenced secret ${place} not found: secrets "${name}" not found`);
  }
  const stored = keySecret.data?.[secretKey.privateKey];
  const key = readKey(stored);
  if (!key.ok) {
    const where = `Failed to get key "${name}" referenced in annotation "${annotation.privateKeySecretName}"`;
    return pending(snapshot, 'ErrorParsingKey', `${where}: ${key.problem}`);
  }
  const csr = readRequest(request.spec.request);
  if (csr.ok && !isPair(key.value, csr.value.spki)) {
    const problem = 'Referenced private key in Secret does not match that in the request';
    return fail(snapshot, 'ErrorKeyMatch', `${problem}: CSR not signed by referenced private key`);
  }
  const emptySubject = csr.ok && csr.value.subject.length === 0 ? [emptyIssuer] : [];
  return {
    do: 'ask',
    task: { task: 'self-sign', ...order(snapshot), privateKeyPEM: decodeText(stored!), crlDistributionPoints },
    answer: (result: SignedCertificate | TaskFailure) => conclude(snapshot, result, ...emptySubject),
  };
}

const emptyIssuer = warning(
  'BadConfig',
  'Certificate will be issued with an empty Issuer DN, which contravenes RFC 5280 and could break some strict clients',
);

function order({ request, now }: RequestSnapshot): SigningOrder {
  return { requestPEM: decodeText(request.spec.request), ...orderFields(request.spec, now) };
}

function conclude(
  snapshot: RequestSnapshot,
  result: SignedCertificate | TaskFailure,
  ...remarks: Remark[]
): WriteStep<RequestChange> {
  if ('failed' in result) return fail(snapshot, 'SigningError', `Error signing certificate: ${result.failed}`);
  const shortened = shortenedMessage(result);
  const message = shortened === undefined ? issuedMessage : `${issuedMessage}; ${shortened}`;
  const signed = withCondition(snapshot, { type: 'Ready', status: 'True', reason: 'Issued', message });
  const request = {
    ...signed,
    status: {
      ...signed.status,
      certificate: Buffer.from(result.chainPEM).toString('base64'),
      ...(result.caPEM === '' ? {} : { ca: Buffer.from(result.caPEM).toString('base64') }),
    },
  };
  const news =
    shortened === undefined ? [] : [warning('CAExpiresFirst', `The certificate was shortened: ${shortened}`)];
  return write({ request }, ...remarks, ...news, normal('CertificateIssued', message));
}

function shortenedMessage({ notAfter, askedNotAfter }: SignedCertificate): string | undefined {
  if (askedNotAfter === undefined) return undefined;
  const [end, asked] = [formatTimestamp(notAfter), formatTimestamp(askedNotAfter)];
  return `it ends with its CA at ${end} instead of ${asked}`;
}
