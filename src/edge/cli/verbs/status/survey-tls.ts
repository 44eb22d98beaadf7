import { conditionOf } from '#model/objects';
import type { Condition, KubeObject } from '#model/objects';
import { chanceryKeys } from '#model/resources';
import { isReady } from '../../readiness.ts';
import type { NotReady, ReadyCount } from './report.ts';

/** Something that works and should not stay as it is. */
export interface Caution {
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly reason: string;
}

/** What is to be said of APIs, gateways, stores, profiles and whatever else lies in the group of Chancery's own kinds. */
export interface TLSSurvey {
  /** By kind; only kinds of which there is something. */
  readonly counts: Readonly<Record<string, ReadyCount>>;
  readonly notReady: readonly NotReady[];
  readonly cautions: readonly Caution[];
}

interface Conditioned extends KubeObject {
  readonly status?: { readonly conditions?: readonly Condition[] };
}

/** A gateway that nobody runs fails nobody, and a rotation that went back has left everything as it was. */
const harmless: readonly (string | undefined)[] = ['NoNodes', 'RolledBack'];

/** What was made at installation waits for certificates that may never come. */
const patient = (object: Conditioned, ready: Condition): boolean =>
  object.metadata.labels?.[chanceryKeys.isDefault] === 'true' || harmless.includes(ready.reason);

/** Looks at objects one by one and keeps only what is worth telling. An object without a Ready condition counts as ready. */
export async function surveyTLS(objects: AsyncIterable<KubeObject>): Promise<TLSSurvey> {
  const counts: Record<string, { ready: number; total: number }> = {};
  const notReady: NotReady[] = [];
  const cautions: Caution[] = [];
  for await (const each of objects) {
    const object: Conditioned = each;
    const ready = conditionOf(object.status?.conditions, 'Ready');
    const fails = ready !== undefined && !isReady(object) && !patient(object, ready);
    const count = (counts[object.kind] ??= { ready: 0, total: 0 });
    count.total += 1;
    if (fails) notReady.push({ ...placed(object), since: ready.lastTransitionTime ?? '', reason: textOf(ready) });
    else count.ready += 1;
    const production = conditionOf(object.status?.conditions, 'DefaultProfileInProduction');
    if (production?.status === 'True') cautions.push({ ...placed(object), reason: textOf(production) });
  }
  return { counts, notReady, cautions };
}

function placed({ kind, metadata }: KubeObject): Omit<Caution, 'reason'> {
  return { kind, ...(metadata.namespace !== undefined && { namespace: metadata.namespace }), name: metadata.name };
}

const textOf = ({ reason, message }: Condition): string => (message ? `${reason}: ${message}` : (reason ?? ''));
