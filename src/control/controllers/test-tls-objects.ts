import type { Draft, Json, KubeObject } from '#model/objects';
import {
  apiKind,
  endpointCertificateKind,
  gatewayKind,
  gatewayNodeKind,
  keystoreKind,
  rotationKind,
  tlsClientProfileKind,
  tlsServerProfileKind,
  trustBundleKind,
  truststoreKind,
  workloadKind,
} from '#model/resources';
import type {
  API,
  EndpointCertificate,
  Gateway,
  GatewayNode,
  Keystore,
  Kind,
  Rotation,
  TLSClientProfile,
  TLSServerProfile,
  TrustBundle,
  Truststore,
  Workload,
} from '#model/resources';
import { asUser, namespace } from './test-plane.ts';
import type { TestPlane } from './test-plane.ts';

interface Objects {
  readonly API: API;
  readonly EndpointCertificate: EndpointCertificate;
  readonly Gateway: Gateway;
  readonly GatewayNode: GatewayNode;
  readonly Keystore: Keystore;
  readonly TLSClientProfile: TLSClientProfile;
  readonly TLSServerProfile: TLSServerProfile;
  readonly Truststore: Truststore;
  readonly TrustBundle: TrustBundle;
  readonly Workload: Workload;
  readonly Rotation: Rotation;
}

const kinds: { readonly [K in keyof Objects]: Kind<Objects[K]> } = {
  API: apiKind,
  EndpointCertificate: endpointCertificateKind,
  Gateway: gatewayKind,
  GatewayNode: gatewayNodeKind,
  Keystore: keystoreKind,
  TLSClientProfile: tlsClientProfileKind,
  TLSServerProfile: tlsServerProfileKind,
  Truststore: truststoreKind,
  TrustBundle: trustBundleKind,
  Workload: workloadKind,
  Rotation: rotationKind,
};

interface WithSpec extends KubeObject {
  readonly spec: object;
}

const kindOf = (kind: keyof Objects): Kind => kinds[kind];

/** Creates an object of one of the program's own kinds, in the test's namespace unless `metadata` says otherwise. */
export async function create<K extends keyof Objects>(
  plane: TestPlane,
  kind: K,
  name: string,
  spec: Objects[K]['spec'],
  metadata: object = {},
): Promise<void> {
  const object: Draft<WithSpec> = {
    apiVersion: 'chancery.dev/v1',
    kind,
    metadata: { name, namespace, ...metadata },
    spec,
  };
  const place = object.metadata.namespace ?? namespace;
  await plane.store.create({ kind: kindOf(kind), namespace: place }, object, asUser);
}

export async function get<K extends keyof Objects>(
  plane: TestPlane,
  kind: K,
  name: string,
  place = namespace,
): Promise<Objects[K]> {
  const found = await plane.store.get({ kind: kindOf(kind), namespace: place, name });
  if (found === undefined) throw new Error(`there is no ${kind} ${place}/${name}`);
  return found as Objects[K];
}

/** Changes the spec by a merge patch. */
export async function change(plane: TestPlane, kind: keyof Objects, name: string, spec: object): Promise<void> {
  const ref = { kind: kindOf(kind), namespace, name };
  await plane.store.patch(ref, { type: 'merge', body: { spec } as Json }, asUser);
}

export async function remove(plane: TestPlane, kind: keyof Objects, name: string): Promise<void> {
  await plane.store.delete({ kind: kindOf(kind), namespace, name }, asUser);
}
