import type { Draft } from '#model/objects';
import type { Keystore, Truststore } from '#model/resources';
import { isDefault } from '#model/statuses';
import { serverKeystore, tokenKeystores } from './default-certificates.ts';
import { defaultMetadata } from './default-metadata.ts';
import type { Place } from './followed-certificates.ts';

/** Where the Certificates are that the defaults follow, by name. */
export type Followed = ReadonlyMap<string, Place>;

interface Following {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  /** Names of Certificates, the first that is there counts. */
  readonly certificates: readonly [string, ...string[]];
}

const followingKeystores: readonly Following[] = [
  {
    name: 'analytics-ingestion',
    title: 'Analytics ingestion',
    summary: 'Client certificate for sending to the ingestion endpoint of analytics.',
    certificates: ['analytics-ingestion-client'],
  },
  {
    name: 'portal-director',
    title: 'Portal director',
    summary: 'Client certificate for calls to the portal.',
    certificates: ['portal-admin-client'],
  },
  {
    name: 'gateway-mgmt',
    title: 'Gateway mgmt',
    summary: 'Client certificate for managing the gateways.',
    certificates: ['gateway-client-client', 'gw-dr-client'],
  },
];

/** Every keystore made at installation. Until a Certificate is there, it is named in the own namespace, and waited for. */
export function defaultKeystores(followed: Followed): Draft<Keystore>[] {
  return [
    ...followingKeystores.map(({ certificates, name, title, summary }) =>
      keystore(name, { title, summary, certificateRef: refOf(followed, certificates) }),
    ),
    keystore(serverKeystore, {
      title: 'Default TLS server keystore',
      summary: 'Server certificate for tests and demonstrations.',
      certificateRef: { name: serverKeystore },
    }),
    ...tokenKeystores.map(({ name, token }) =>
      keystore(name, {
        title: `Default keystore for ${token} signing key`,
        summary: `Key that signs: ${token}.`,
        certificateRef: { name },
      }),
    ),
  ];
}

function keystore(name: string, spec: Keystore['spec']): Draft<Keystore> {
  return { apiVersion: 'chancery.dev/v1', kind: 'Keystore', metadata: defaultMetadata(name), spec };
}

/** The CA above the ingress CA exists only where the platform runs on appliances. */
const rootCA = 'root-ca';
const ingressCA = 'ingress-ca';

/** Every truststore made at installation. */
export function defaultTruststores(followed: Followed): Draft<Truststore>[] {
  const ingress = { certificateRef: refOf(followed, [ingressCA]) };
  const root = followed.has(rootCA) ? [{ certificateRef: refOf(followed, [rootCA]) }] : [];
  return [
    truststore('analytics-ingestion', {
      title: 'Analytics ingestion',
      summary: 'Validates the ingestion endpoint of analytics.',
      sources: [...root, ingress],
    }),
    truststore('portal-director', {
      title: 'Portal director',
      summary: 'Validates the portal.',
      sources: [...root, ingress],
    }),
    truststore('gateway-management-client', {
      title: 'Gateway management client truststore',
      summary: 'Validates the gateways.',
      sources: [ingress],
    }),
  ];
}

function truststore(name: string, spec: Truststore['spec']): Draft<Truststore> {
  return { apiVersion: 'chancery.dev/v1', kind: 'Truststore', metadata: defaultMetadata(name), spec };
}

function refOf(followed: Followed, names: readonly [string, ...string[]]): { name: string; namespace?: string } {
  const found = names.map((name) => followed.get(name)).find((place) => place !== undefined);
  return found === undefined ? { name: names[0] } : { name: found.name, namespace: found.namespace };
}

/** Names of all Certificates that the defaults follow, whatever their namespace. */
export const followedNames: ReadonlySet<string> = new Set([
  ...followingKeystores.flatMap(({ certificates }) => certificates),
  rootCA,
  ingressCA,
]);

/** The Certificates of which a default store follows the first that there is; none for other stores. */
export function certificatesFollowedBy(store: Keystore | Truststore): readonly string[] {
  if (!isDefault(store)) return [];
  if (store.kind === 'Truststore') return [ingressCA];
  return followingKeystores.find(({ name }) => name === store.metadata.name)?.certificates ?? [];
}
