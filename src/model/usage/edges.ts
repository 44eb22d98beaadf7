import { endpointTerm, readBackend, readEndpoint, serverTerms, workloadTerm } from '#model/resources';
import type {
  API,
  Certificate,
  EndpointCertificate,
  GatewayNode,
  Keystore,
  ObjectRef,
  TLSClientProfile,
  TrustBundle,
  Truststore,
  Workload,
} from '#model/resources';
import { countsFor, hostProfile } from '#model/gateways';
import { objectTerm } from '#model/stores';
import type { UsageSnapshot } from './snapshot.ts';

/** `user` refers to `used`; both as `Kind ns/name`. */
export interface Edge {
  readonly user: string;
  readonly used: string;
}

/** Every reference between the objects of a snapshot. */
export function* edgesOf(snapshot: UsageSnapshot): Generator<Edge> {
  for (const certificate of snapshot.certificates ?? []) yield* pairOf(certificate);
  for (const keystore of snapshot.keystores ?? []) yield* keystoreEdges(keystore);
  for (const truststore of snapshot.truststores ?? []) yield* truststoreEdges(truststore);
  for (const bundle of snapshot.trustBundles ?? []) yield* bundleEdges(bundle);
  for (const workload of snapshot.workloads ?? []) yield* workloadEdges(workload);
  for (const profile of [...(snapshot.clientProfiles ?? []), ...(snapshot.serverProfiles ?? [])]) {
    yield* refEdges(profile, { Keystore: [profile.spec.keystoreRef], Truststore: [profile.spec.truststoreRef] });
  }
  for (const gateway of snapshot.gateways ?? []) {
    yield* refEdges(gateway, { TLSServerProfile: gateway.spec.sni.map((entry) => entry.tlsServerProfileRef) });
  }
  const certificatesOf = byEndpoint(snapshot.endpointCertificates ?? []);
  const hostProfiles = (snapshot.clientProfiles ?? []).filter((profile) => serverTerms(profile).length > 0);
  for (const api of snapshot.apis ?? []) {
    yield* apiEdges(api, certificatesOf);
    yield* hostProfileEdges(api, hostProfiles);
  }
  for (const node of snapshot.gatewayNodes ?? []) yield* nodeEdges(node);
}

interface Placed {
  readonly kind: string;
  readonly metadata: { readonly namespace?: string; readonly name: string };
}

export const termOf = ({ kind, metadata }: Placed): string => objectTerm(kind, metadata.namespace, metadata.name);

type Refs = Readonly<Record<string, readonly (ObjectRef | undefined)[]>>;

function* refEdges(holder: Placed, refs: Refs): Generator<Edge> {
  const user = termOf(holder);
  for (const [kind, targets] of Object.entries(refs)) {
    for (const ref of targets) {
      if (ref === undefined) continue;
      yield { user, used: objectTerm(kind, ref.namespace || holder.metadata.namespace, ref.name) };
    }
  }
}

/** Who names a Certificate uses its Secret, and the other way round: neither counts as a user. */
function* pairOf(certificate: Certificate): Generator<Edge> {
  const secret = objectTerm('Secret', certificate.metadata.namespace, certificate.spec.secretName);
  yield { user: secret, used: termOf(certificate) };
  yield { user: termOf(certificate), used: secret };
}

function keystoreEdges(keystore: Keystore): Generator<Edge> {
  const { secretRef, passwordRef, keyPasswordRef, certificateRef, keystoreRef } = keystore.spec;
  const secrets = [secretRef, passwordRef, keyPasswordRef];
  return refEdges(keystore, { Secret: secrets, Certificate: [certificateRef], Keystore: [keystoreRef] });
}

function truststoreEdges(truststore: Truststore): Generator<Edge> {
  const { sources } = truststore.spec;
  return refEdges(truststore, {
    Secret: sources.flatMap(({ secretRef, passwordRef }) => [secretRef, passwordRef]),
    Certificate: sources.map(({ certificateRef }) => certificateRef),
    Truststore: sources.map(({ truststoreRef }) => truststoreRef),
    TrustBundle: sources.map(({ trustBundleRef }) => trustBundleRef),
    Keystore: sources.map(({ keystoreRef }) => keystoreRef),
  });
}

function bundleEdges(bundle: TrustBundle): Generator<Edge> {
  const { sources, target } = bundle.spec;
  return refEdges(bundle, {
    Secret: [
      ...sources.flatMap(({ secretRef, passwordRef }) => [secretRef, passwordRef]),
      ...(target?.formats ?? []).map(({ passwordRef }) => passwordRef),
    ],
    Certificate: sources.map(({ certificateRef }) => certificateRef),
    Truststore: sources.map(({ truststoreRef }) => truststoreRef),
    TrustBundle: sources.map(({ trustBundleRef }) => trustBundleRef),
  });
}

function* workloadEdges(workload: Workload): Generator<Edge> {
  const { presents = [], trusts = [], files = [], connectsTo = [] } = workload.spec;
  const materials = [...presents, ...trusts];
  yield* refEdges(workload, {
    Secret: [...materials.map(({ secretRef }) => secretRef), ...files.map(({ passwordRef }) => passwordRef)],
    Certificate: materials.map(({ certificateRef }) => certificateRef),
    Keystore: presents.map(({ keystoreRef }) => keystoreRef),
    Truststore: trusts.map(({ truststoreRef }) => truststoreRef),
    TrustBundle: trusts.map(({ trustBundleRef }) => trustBundleRef),
  });
  const called = new Set(connectsTo.map((one) => workloadTerm(one.workload, workload.metadata.namespace)));
  for (const place of called) yield { user: termOf(workload), used: `Workload ${place}` };
}

type ByEndpoint = ReadonlyMap<string, readonly EndpointCertificate[]>;

function byEndpoint(certificates: readonly EndpointCertificate[]): ByEndpoint {
  return Map.groupBy(certificates, ({ spec }) => {
    const endpoint = readEndpoint(spec.endpoint);
    return 'problem' in endpoint ? '' : endpointTerm(endpoint.host, endpoint.port);
  });
}

function* apiEdges(api: API, certificatesOf: ByEndpoint): Generator<Edge> {
  const user = termOf(api);
  const { production, sandbox } = api.spec.endpoints;
  const endpoints = sandbox === undefined ? [production] : [production, sandbox];
  yield* refEdges(api, { TLSClientProfile: endpoints.map((endpoint) => endpoint.tlsClientProfileRef) });
  for (const term of endpoints.flatMap(({ url }) => endpointTermsOf(url))) {
    for (const certificate of certificatesOf.get(term) ?? []) {
      if (countsFor(certificate, api)) yield { user, used: termOf(certificate) };
    }
  }
}

/** An endpoint that names no profile uses the one for its host. */
function* hostProfileEdges(api: API, candidates: readonly TLSClientProfile[]): Generator<Edge> {
  if (candidates.length === 0) return;
  const { production, sandbox } = api.spec.endpoints;
  for (const { url, tlsClientProfileRef } of sandbox === undefined ? [production] : [production, sandbox]) {
    const backend = readBackend(url);
    if (tlsClientProfileRef !== undefined || 'problem' in backend || !backend.secure) continue;
    const profile = hostProfile(candidates, api, backend);
    if (profile !== undefined) yield { user: termOf(api), used: termOf(profile) };
  }
}

/** The endpoint with its port, and its host as a whole; none without TLS. */
function endpointTermsOf(url: string): string[] {
  const backend = readBackend(url);
  if ('problem' in backend || !backend.secure) return [];
  return [endpointTerm(backend.host, backend.port), endpointTerm(backend.host)];
}

/** What a node says that it has: not what it should have. */
function* nodeEdges(node: GatewayNode): Generator<Edge> {
  const user = termOf(node);
  const { listeners = [], endpoints = [] } = node.status ?? {};
  for (const { profile } of listeners) yield { user, used: `TLSServerProfile ${profile}` };
  for (const { profile, apis, endpointCertificates = [] } of endpoints) {
    if (profile !== undefined) yield { user, used: `TLSClientProfile ${profile}` };
    for (const api of apis) yield { user, used: `API ${api}` };
    for (const { namespace, name } of endpointCertificates) {
      yield { user, used: objectTerm('EndpointCertificate', namespace, name) };
    }
  }
}
