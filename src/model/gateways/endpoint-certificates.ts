import { systemNamespace } from '#model/resources';
import type { API, Backend, EndpointCertificate } from '#model/resources';
import { objectTerm } from '#model/stores';
import type { StoreMemo } from '#model/stores';
import { anchorsOf, joinAnchors } from './anchors.ts';
import type { GatewayLookup } from './lookup.ts';
import type { AnchorPlan, AppliedEndpointCertificate, PlanWarning } from './plans.ts';
import { placeOf, placeText } from './profiles.ts';

/** What endpoint certificates add to the trust in one endpoint. */
export interface EndpointTrust {
  readonly applied: readonly AppliedEndpointCertificate[];
  readonly anchors: readonly AnchorPlan[];
  /** Fingerprints of end-entity certificates that are taken although they have expired. */
  readonly expiredAllowed: readonly string[];
  readonly warnings: readonly PlanWarning[];
}

/**
 * Whether an endpoint certificate counts for an API at all: when it lies in the API's namespace, or in the system
 * namespace. Nobody can add to the trust of another's APIs.
 */
export function countsFor(certificate: EndpointCertificate, api: API): boolean {
  const { namespace } = certificate.metadata;
  return namespace === systemNamespace || namespace === api.metadata.namespace;
}

/** The endpoint certificates of the API's namespace and of the system's that are for that backend. */
export function endpointTrust(
  lookup: GatewayLookup,
  api: API,
  { host, port }: Backend,
  now: Date,
  memo: StoreMemo,
): EndpointTrust {
  const counting = lookup.endpointCertificates(host, port).filter((one) => countsFor(one, api));
  const sorted = counting.toSorted((a, b) => (placeText(placeOf(a)) < placeText(placeOf(b)) ? -1 : 1));
  const read = sorted.map((certificate) => readOne(certificate, now, memo));
  return {
    applied: read.flatMap(({ applied }) => applied),
    anchors: read.reduce<readonly AnchorPlan[]>((all, { anchors }) => joinAnchors(all, anchors), []),
    expiredAllowed: [...new Set(read.flatMap((one) => one.expiredAllowed))].toSorted(),
    warnings: read.flatMap(({ warnings }) => warnings),
  };
}

/** One that cannot be read adds nothing, and holds nothing up. */
function readOne(certificate: EndpointCertificate, now: Date, memo: StoreMemo): EndpointTrust {
  const { metadata, spec } = certificate;
  const { namespace, name } = placeOf(certificate);
  const place = objectTerm('EndpointCertificate', namespace, name);
  const generation = metadata.generation ?? 0;
  const version = `${metadata.uid}@${metadata.generation ?? metadata.resourceVersion}`;
  const read = memo.readPart({ type: 'text', place, version, text: spec.certificate }, now);
  if (!read.ok) {
    const message = `${place} is not in force: ${read.problem.message}`;
    return {
      applied: [],
      anchors: [],
      expiredAllowed: [],
      warnings: [{ reason: 'EndpointCertificateUnreadable', message }],
    };
  }
  const { certificates } = read.value;
  const { fingerprint } = certificates[0]!.certificate;
  return {
    applied: [{ namespace, name, fingerprint, generation }],
    anchors: anchorsOf(certificates, place),
    expiredAllowed: spec.allowExpired === true ? [fingerprint] : [],
    warnings: [],
  };
}
