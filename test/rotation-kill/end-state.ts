import { existsSync, readFileSync } from 'node:fs';
import type { ApiClient } from '#edge/api';
import {
  certificateKind,
  secretKind,
  trustBundleKind,
  type Certificate,
  type RotationStatus,
  type Secret,
  type TrustBundle,
} from '#model/resources';
import { parseCertificatesPEM, type Certificate as X509 } from '#pki/x509';
import { call, type Identity } from './calls.ts';
import { authority, bundle, filesOf, identityOf, namespace, type Member } from './estate.ts';

const fingerprints = (pem: string): string[] => parseCertificatesPEM(pem).map(({ fingerprint }) => fingerprint);
const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('hex');

const signer = (certificate: X509 | undefined): string => hex(certificate?.authorityKeyId);

/** What lies on the disks must be what the stage stands on, whatever was reported: by the key identifiers of the CAs. */
export function diskProblems({ stage, old, next }: RotationStatus, members: readonly Member[]): string[] {
  if (old === undefined || next === undefined) return [];
  return members.flatMap((member) => {
    const { identity, trust } = filesOf(member);
    if (!existsSync(identity) || !existsSync(trust)) return [`${member.name}: has lost its files`];
    const trusted = fingerprints(readFileSync(trust, 'utf8'));
    const from = signer(parseCertificatesPEM(readFileSync(identity, 'utf8'))[0]);
    const wrong: string[] = [];
    if ((stage === 'Issue' || stage === 'Drain') && !trusted.includes(next.fingerprint))
      wrong.push(`${stage}: ${member.name} does not trust the next CA`);
    if ((stage === 'Distrust' || stage === 'Flush') && from !== next.subjectKeyId)
      wrong.push(`${stage}: ${member.name} still presents a certificate of the old CA`);
    if (stage === 'Withdraw' && from !== old.subjectKeyId)
      wrong.push(`${stage}: ${member.name} still presents a certificate of the next CA`);
    return wrong;
  });
}

/** After a rotation: one CA, everything from it, nothing left beside it, and nobody trusts the other one. */
export async function endProblems(
  client: ApiClient,
  members: readonly Member[],
  { result, old, next }: RotationStatus,
): Promise<string[]> {
  const [stays, goes] = result === 'succeeded' ? [next, old] : [old, next];
  const problems = [...(await leftovers(client, members)), ...(await unsigned(client, members, stays))];
  const { status } = await client.get<TrustBundle>(trustBundleKind, bundle, namespace);
  const trusted = (status?.anchors ?? []).filter(({ state }) => state !== 'withdrawn');
  const anchors = trusted.map(({ fingerprint }) => fingerprint);
  if (anchors.join(' ') !== stays?.fingerprint) problems.push(`the bundle holds ${anchors.join(' ')}`);
  for (const member of members) {
    const files = fingerprints(readFileSync(filesOf(member).trust, 'utf8'));
    if (goes !== undefined && files.includes(goes.fingerprint)) problems.push(`${member.name} trusts the CA that went`);
  }
  return problems;
}

async function leftovers(client: ApiClient, members: readonly Member[]): Promise<string[]> {
  const known = new Set([authority, ...members.map(({ name }) => name)]);
  const certificates = (await client.list<Certificate>(certificateKind, { namespace })).items;
  const secrets = (await client.list<Secret>(secretKind, { namespace })).items;
  const isToken = ({ type, metadata }: Secret): boolean => type !== 'Opaque' && !metadata.name.startsWith(authority);
  return [
    ...certificates.filter(({ metadata }) => !known.has(metadata.name)),
    ...secrets.filter((secret) => !known.has(secret.metadata.name) && !isToken(secret)),
  ].map(({ kind, metadata }) => `${kind} ${metadata.name} was left over`);
}

async function unsigned(client: ApiClient, members: readonly Member[], ca: RotationStatus['old']): Promise<string[]> {
  const wrong: string[] = [];
  for (const name of [authority, ...members.map((one) => one.name)]) {
    const { data = {} } = await client.get<Secret>(secretKind, name, namespace);
    const [certificate] = parseCertificatesPEM(Buffer.from(data['tls.crt'] ?? '', 'base64').toString());
    const isRight =
      name === authority ? certificate?.fingerprint === ca?.fingerprint : signer(certificate) === ca?.subjectKeyId;
    if (!isRight) wrong.push(`Secret ${name} is not of ${ca?.fingerprint.slice(0, 12)}`);
  }
  return wrong;
}

/** Who is still let in with a certificate, or believed by a trust, from before the rotation. */
export async function oldAccepted(members: readonly Member[], before: Identity): Promise<string[]> {
  const accepted: string[] = [];
  for (const member of members) {
    const at = { host: '127.0.0.1', port: member.server.port };
    const now = identityOf(member);
    for (const isOld of [false, true]) {
      const asClient = await call(at, { ...before, ca: now.ca }, { isOld });
      if (asClient.kind === 'good') accepted.push(`${member.name} lets in a certificate of the old CA`);
      const asTrust = await call(at, { ...now, ca: before.ca }, { isOld });
      if (asTrust.kind === 'good') accepted.push(`${member.name} is believed by who trusts the old CA only`);
    }
  }
  return accepted;
}
