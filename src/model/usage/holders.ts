import { termOf } from './edges.ts';
import type { UsageSnapshot } from './snapshot.ts';

/** Fingerprint and the object, as `Kind ns/name`, in whose status it is. */
export interface Holder {
  readonly fingerprint: string;
  readonly holder: string;
}

interface WithChain {
  readonly fingerprint: string;
  readonly chain?: readonly { readonly fingerprint: string }[];
}

/** Every certificate that the objects of a snapshot say they hold, or see. */
export function* holdersIn(snapshot: UsageSnapshot): Generator<Holder> {
  for (const store of [...(snapshot.keystores ?? []), ...(snapshot.truststores ?? [])]) {
    for (const entry of store.status?.entries ?? []) yield* held(termOf(store), entry);
  }
  for (const certificate of snapshot.endpointCertificates ?? []) {
    for (const one of certificate.status?.certificates ?? []) yield* held(termOf(certificate), one);
  }
  for (const bundle of snapshot.trustBundles ?? []) {
    const trusted = (bundle.status?.anchors ?? []).filter(({ state }) => state !== 'withdrawn');
    for (const { fingerprint } of trusted) yield { fingerprint, holder: termOf(bundle) };
  }
  for (const workload of snapshot.workloads ?? []) {
    const shown = (workload.status?.materials ?? []).flatMap(({ fingerprint }) => fingerprint ?? []);
    for (const fingerprint of shown) yield { fingerprint, holder: termOf(workload) };
  }
  for (const node of snapshot.gatewayNodes ?? []) {
    const { listeners = [], endpoints = [] } = node.status ?? {};
    const shown = listeners.flatMap(({ fingerprint }) => fingerprint ?? []);
    const seen = endpoints.flatMap(({ presented }) => (presented === undefined ? [] : fingerprintsOf(presented)));
    for (const fingerprint of [...shown, ...seen]) yield { fingerprint, holder: termOf(node) };
  }
}

interface Presented {
  readonly fingerprint: string;
  readonly chain?: readonly string[];
}

const fingerprintsOf = ({ fingerprint, chain = [] }: Presented): string[] => [fingerprint, ...chain];

function* held(holder: string, { fingerprint, chain = [] }: WithChain): Generator<Holder> {
  yield { fingerprint, holder };
  for (const issuer of chain) yield { fingerprint: issuer.fingerprint, holder };
}
