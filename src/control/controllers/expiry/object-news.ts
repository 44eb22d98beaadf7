import type { KubeObject } from '#model/objects';
import { certificatesIn, identityOf, isAlarming, judge } from '#model/expiry';
import type { WatchedCertificate } from '#model/expiry';

/** What a change of an object means for the watch over its certificates. */
export interface ObjectNews {
  /** Certificates in alarm that were not in the object before. */
  readonly alarming: readonly WatchedCertificate[];
  /** Sound certificates in the place of ones that were in alarm. */
  readonly replacing: readonly WatchedCertificate[];
  /** When one of them comes into another state; renewals that are awaited are not counted. */
  readonly nextChange: Date | undefined;
}

export function newsOf(object: KubeObject, previous: KubeObject | undefined, now: Date): ObjectNews {
  const judged = certificatesIn(object).map((certificate) => ({ certificate, verdict: judge(certificate, now) }));
  if (judged.length === 0) return nothingNew;
  const before = previous === undefined ? [] : certificatesIn(previous);
  const known = new Set(before.map(identityOf));
  const fresh = judged.filter(({ certificate }) => !known.has(identityOf(certificate)));
  const inAlarm = new Set(before.filter((one) => isAlarming(judge(one, now).state)).map(({ source }) => source.path));
  return {
    alarming: fresh.filter(({ verdict }) => isAlarming(verdict.state)).map(({ certificate }) => certificate),
    replacing: fresh
      .filter(({ certificate, verdict }) => !isAlarming(verdict.state) && inAlarm.has(certificate.source.path))
      .map(({ certificate }) => certificate),
    nextChange: earliest(
      judged
        .filter(({ certificate }) => certificate.renewalTime === undefined)
        .map(({ verdict }) => verdict.nextChange),
    ),
  };
}

const nothingNew: ObjectNews = { alarming: [], replacing: [], nextChange: undefined };

/** The first of the instants that are known. */
export function earliest(instants: readonly (Date | undefined)[]): Date | undefined {
  let first: Date | undefined;
  for (const instant of instants)
    if (instant !== undefined && (first === undefined || instant < first)) first = instant;
  return first;
}
