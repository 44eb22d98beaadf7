import { deepEqual, setCondition } from '#model/objects';
import type { ClusterIssuer, Issuer, IssuerStatus, Secret } from '#model/resources';
import { issuerTypes } from '#model/resources';
import { normal, warning, write } from '../step.ts';
import type { Remark, Step } from '../step.ts';
import { judgeCA } from './judge-ca.ts';

/** Everything that decides about one Issuer or ClusterIssuer, read at one moment. */
export interface IssuerSnapshot {
  readonly now: Date;
  readonly issuer: Issuer | ClusterIssuer;
  /** Namespace of the issuer's Secret. */
  readonly secretNamespace: string;
  /** The Secret of a CA issuer. */
  readonly secret?: Secret | undefined;
}

export interface IssuerChange {
  readonly issuer: Issuer | ClusterIssuer;
}

/** Whether an issuer can sign, and until when that stays so by itself. */
export interface IssuerVerdict {
  readonly ready: boolean;
  readonly reason: string;
  readonly message: string;
  readonly ca?: IssuerStatus['ca'];
  readonly until?: Date | undefined;
}

/** What to do next about an issuer. Pure: the same snapshot always gives the same step. */
export function nextIssuerStep(snapshot: IssuerSnapshot): Step<IssuerChange> {
  const { issuer, now } = snapshot;
  if (issuer.metadata.deletionTimestamp !== undefined) return { do: 'wait', remarks: [] };
  const verdict = judge(snapshot);
  const status = statusOf(issuer, verdict, now);
  if (deepEqual(status, issuer.status ?? {})) return { do: 'wait', until: verdict.until, remarks: [] };
  return write({ issuer: { ...issuer, status } }, ...remarksOn(verdict));
}

function judge(snapshot: IssuerSnapshot): IssuerVerdict {
  const { spec } = snapshot.issuer;
  if (spec.ca !== undefined) return judgeCA(snapshot, spec.ca.secretName);
  if (spec.selfSigned !== undefined) return { ready: true, reason: 'IsReady', message: '' };
  const type = issuerTypes.find((name) => spec[name] !== undefined) ?? 'unknown';
  const message = `Issuers of type ${type} are accepted and kept, but this version does not sign with them`;
  return { ready: false, reason: 'UnsupportedType', message };
}

function statusOf(issuer: Issuer | ClusterIssuer, verdict: IssuerVerdict, now: Date): IssuerStatus {
  const { ready, reason, message, ca } = verdict;
  const { generation } = issuer.metadata;
  const update = { type: 'Ready', status: ready ? 'True' : 'False', reason, message } as const;
  const observed = generation === undefined ? update : { ...update, observedGeneration: generation };
  const { ca: _old, ...rest } = issuer.status ?? {};
  const conditions = [...setCondition(issuer.status?.conditions, observed, now)];
  return { ...rest, conditions, ...(ca === undefined ? {} : { ca }) };
}

function remarksOn({ ready, reason, message, ca }: IssuerVerdict): Remark[] {
  if (!ready) return [warning(reason, message)];
  const until = ca?.notAfter === undefined ? '' : `, valid until ${ca.notAfter}`;
  return message === '' ? [] : [normal(reason, `${message}${until}`)];
}
