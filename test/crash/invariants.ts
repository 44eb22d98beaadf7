import { parseCertificateChain, parseCertificatesPEM, parsePrivateKeyPEM, checkPath, sameBytes } from '#pki/x509';
import { isConditionTrue, type KubeObject } from '#model/objects';
import { certManagerKeys } from '#model/resources';
import type { Certificate, CertificateRequest, ConfigMap, Issuer, Secret } from '#model/resources';
import type { Journal } from './journal.ts';
import type { Issued, Sightings } from './sightings.ts';

/** Everything of one namespace at one time. */
export interface State {
  readonly certificates: readonly Certificate[];
  readonly requests: readonly CertificateRequest[];
  readonly secrets: readonly Secret[];
  readonly issuers: readonly Issuer[];
  readonly configMaps: readonly ConfigMap[];
}

/** Sentences about everything that a settled state does wrong after a crash; none when all is well. */
export function violations(state: State, journal: Journal, sightings: Sightings, now: Date): string[] {
  return [
    ...journal.compare(declaredObjects(state)),
    ...lostRenewals(state, journal),
    ...unsettled(state),
    ...leftoverKeys(state),
    ...state.secrets.flatMap((secret) => brokenSecret(secret, now)),
    ...wrongSigners(state),
    ...issuedTwice([...sightings.issued.values()]),
    ...unlikeRequests(state, [...sightings.issued.values()]),
    ...storedOutOfOrder(state, sightings),
    ...sightings.backwards,
  ];
}

/** What clients write, and the loops do not. */
export function declaredObjects({ certificates, issuers, configMaps }: State): KubeObject[] {
  return [...certificates, ...issuers, ...configMaps];
}

export function lostRenewals({ certificates }: State, journal: Journal): string[] {
  return certificates.flatMap(({ metadata: { name }, status }) => {
    const [is, least] = [status?.revision ?? 0, journal.leastRevision(name)];
    return is >= least ? [] : [`${name} lost an answered renewal: revision ${is} instead of ${least}`];
  });
}

/** Certificates that are not Ready for their present spec, or still at work. */
export function unsettled({ certificates }: State): string[] {
  return certificates.flatMap(({ metadata: { name, generation }, status }) => {
    const ready = status?.conditions?.find(({ type }) => type === 'Ready');
    if (ready?.status !== 'True') return [`${name} is not Ready: ${ready?.reason} ${ready?.message}`];
    if (ready.observedGeneration !== generation) return [`${name} is Ready for an older generation`];
    return isConditionTrue(status?.conditions, 'Issuing') ? [`${name} is still being issued`] : [];
  });
}

export function leftoverKeys({ secrets }: State): string[] {
  const left = secrets.filter(({ metadata }) => metadata.labels?.[certManagerKeys.nextPrivateKeyLabel] === 'true');
  return left.map(({ metadata }) => `the temporary key ${metadata.name} was left over`);
}

/** What in a TLS Secret does not belong together. */
export function brokenSecret({ type, data = {}, metadata: { name } }: Secret, now: Date): string[] {
  if (type !== 'kubernetes.io/tls') return [];
  const missing = ['tls.key', 'tls.crt', 'ca.crt'].filter((key) => !data[key]);
  if (missing.length > 0) return [`the Secret ${name} is half-written: no ${missing.join(', no ')}`];
  try {
    return mismatches(data).map((problem) => `the Secret ${name} does not fit together: ${problem}`);
  } catch (error) {
    return [`the Secret ${name} cannot be read: ${(error as Error).message}`];
  }

  function mismatches(texts: Record<string, string>): string[] {
    const key = parsePrivateKeyPEM(decode(texts['tls.key']));
    const presented = parseCertificatesPEM(decode(texts['tls.crt']));
    const [ca] = parseCertificatesPEM(decode(texts['ca.crt']));
    const { chain, ca: root } = parseCertificateChain([...presented, ca!]);
    const problems = checkPath([...chain, ...(chain.includes(root!) ? [] : [root!])], now).map(
      ({ message }) => message,
    );
    if (!sameBytes(key.spki, presented[0]!.spki)) problems.push('the key is not that of the certificate');
    if (!root?.equals(ca!)) problems.push('ca.crt is not the root of the chain');
    return problems;
  }
}

/** Certificates that the CA of their issuer has not signed. */
export function wrongSigners({ certificates, issuers, secrets }: State): string[] {
  const pem = (name: string | undefined): string =>
    decode(secrets.find(({ metadata }) => metadata.name === name)?.data?.['tls.crt']);
  return certificates.flatMap(({ metadata: { name }, spec }) => {
    const issuer = issuers.find(({ metadata }) => metadata.name === spec.issuerRef.name);
    const signer = issuer?.spec.selfSigned === undefined ? issuer?.spec.ca?.secretName : spec.secretName;
    try {
      const [leaf] = parseCertificatesPEM(pem(spec.secretName));
      return leaf!.isSignedBy(parseCertificatesPEM(pem(signer))[0]!) ? [] : [`${name} is not signed by ${signer}`];
    } catch (error) {
      return [`${name} or its issuer's ${signer} cannot be read: ${(error as Error).message}`];
    }
  });
}

/**
 * Revisions for which more than one certificate was ever issued, or by more than one request. A spec that changes while
 * its certificate waits to be stored is another question under the same revision; the first answer is never stored.
 */
export function issuedTwice(issued: readonly Issued[]): string[] {
  const byQuestion = Map.groupBy(
    issued,
    ({ certificateName, revision, asked }) => `${certificateName}, revision ${revision} for ${asked}`,
  );
  return [...byQuestion].flatMap(([question, all]) => {
    const requests = new Set(all.map(({ requestUid }) => requestUid));
    const certificates = new Set(all.map(({ certificate }) => certificate));
    if (requests.size === 1 && certificates.size === 1) return [];
    return [`${question} was issued more than once: ${certificates.size} certificates in ${requests.size} requests`];
  });
}

/** Certificates whose Secret holds something else than the request of their revision, now or whenever it was seen. */
export function unlikeRequests({ certificates, requests, secrets }: State, issued: readonly Issued[]): string[] {
  const seen = new Map(issued.map((one) => [`${one.certificateName} ${one.revision}`, one.certificate]));
  return certificates.flatMap(({ metadata: { name }, spec, status }) => {
    const secret = secrets.find(({ metadata }) => metadata.name === spec.secretName)?.data?.['tls.crt'];
    const own = requests.filter(({ metadata }) => metadata.annotations?.[certManagerKeys.certificateName] === name);
    const current = own.filter(
      ({ metadata }) => metadata.annotations?.[certManagerKeys.certificateRevision] === String(status?.revision),
    );
    if (current.length !== 1) return [`${name} has ${current.length} requests of its revision ${status?.revision}`];
    const problems =
      current[0]!.status?.certificate === secret ? [] : [`${name} holds another certificate than its request`];
    if (seen.get(`${name} ${status?.revision}`) !== secret)
      problems.push(`${name} holds another certificate than was seen for its revision ${status?.revision}`);
    return problems;
  });
}

/** Secrets that have held anything else than the certificate of each revision, in order, once. */
export function storedOutOfOrder({ certificates }: State, { issued, stored }: Sightings): string[] {
  const byName = Map.groupBy(issued.values(), ({ certificateName }) => certificateName);
  return certificates.flatMap(({ metadata: { name }, spec, status }) => {
    const last = new Map((byName.get(name) ?? []).map(({ revision, certificate }) => [revision, certificate]));
    const expected = [...last].toSorted(([a], [b]) => a - b);
    if (expected.length !== status?.revision || expected.at(-1)?.[0] !== status.revision)
      return [`${name} is at revision ${status?.revision}, and these were issued: ${[...last.keys()].join(' ')}`];
    const held = stored.get(spec.secretName) ?? [];
    if (held.length === expected.length && held.every((one, index) => one === expected[index]![1])) return [];
    return [`the Secret of ${name} held ${held.length} certificates over time, of ${expected.length} revisions`];
  });
}

function decode(base64: string | undefined): string {
  return Buffer.from(base64 ?? '', 'base64').toString();
}
