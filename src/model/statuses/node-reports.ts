import { conditionOf } from '#model/objects';
import type { EndpointReport, GatewayNode } from '#model/resources';

type State = EndpointReport['state'];

/** What a node says of one endpoint certificate: the worst of the endpoints that it is for. */
export interface CertificateReport {
  readonly generation: number;
  readonly isLoaded: boolean;
  readonly isProven: boolean;
}

/** What is remembered of a node: far less than it says. */
export interface NodeReport {
  readonly name: string;
  /** `ns/name` of its gateway. */
  readonly gateway: string;
  readonly isLost: boolean;
  /** Its list was cut off where everything else is proven. */
  readonly restIsProven: boolean;
  readonly certificates: ReadonlyMap<string, CertificateReport>;
}

/** Reads a node's status; certificates by `ns/name`. */
export function reportOf({ metadata, spec, status = {} }: GatewayNode): NodeReport {
  const { endpoints = [], omittedEndpoints = 0, conditions } = status;
  const certificates = new Map<string, CertificateReport>();
  for (const endpoint of endpoints) {
    for (const { namespace, name, generation } of endpoint.endpointCertificates ?? []) {
      const term = `${namespace}/${name}`;
      certificates.set(term, worse(certificates.get(term), reportIn(endpoint, generation)));
    }
  }
  return {
    name: metadata.name,
    gateway: `${spec.gatewayRef.namespace || (metadata.namespace ?? '')}/${spec.gatewayRef.name}`,
    isLost: conditionOf(conditions, 'Ready')?.status === 'Unknown',
    // The failed and unproven come first.
    restIsProven: omittedEndpoints > 0 && endpoints.at(-1)?.state === 'proven',
    certificates,
  };
}

function reportIn({ state, loadedAt }: EndpointReport, generation: number): CertificateReport {
  const isLoaded: Record<State, boolean> = {
    desired: false,
    loaded: true,
    proven: true,
    failed: loadedAt !== undefined,
  };
  return { generation, isLoaded: isLoaded[state], isProven: state === 'proven' };
}

function worse(one: CertificateReport | undefined, other: CertificateReport): CertificateReport {
  if (one === undefined) return other;
  return {
    generation: Math.min(one.generation, other.generation),
    isLoaded: one.isLoaded && other.isLoaded,
    isProven: one.isProven && other.isProven,
  };
}

/** The certificates of which the node says something new; `all`: anything may be different. */
export function changesBetween(before: NodeReport | undefined, after: NodeReport | undefined): 'all' | string[] {
  if (before === undefined || after === undefined) return before === after ? [] : 'all';
  const isSameNode =
    before.gateway === after.gateway && before.isLost === after.isLost && before.restIsProven === after.restIsProven;
  if (!isSameNode) return 'all';
  const changed: string[] = [];
  for (const [term, report] of after.certificates) {
    if (!isSame(before.certificates.get(term), report)) changed.push(term);
  }
  for (const term of before.certificates.keys()) if (!after.certificates.has(term)) changed.push(term);
  return changed;
}

function isSame(before: CertificateReport | undefined, after: CertificateReport): boolean {
  return (
    before?.generation === after.generation && before.isLoaded === after.isLoaded && before.isProven === after.isProven
  );
}
