import type { Draft } from '#model/objects';
import type { SSLProfile, StoreFile, WSO2Deployment } from './wso2-deployment.ts';

/** A store file, read. */
export interface ReadStore {
  readonly bytes: Uint8Array;
  /** PEM of the certificates in it, one after the other; of truststores only. */
  readonly certificatesPEM: string;
}

export interface WSO2Import {
  /** In an order in which each object follows what it refers to. */
  readonly objects: readonly Draft[];
  /** What a person should know of the difference between there and here. */
  readonly remarks: readonly string[];
}

const apiVersion = 'chancery.dev/v1';

/**
 * What a deployment.toml becomes: a Secret and a Keystore of each keystore file, a Truststore of each truststore file, and a
 * TLSClientProfile of the default stores and of each custom profile. Names begin with `prefix`; files that are named
 * twice become one store.
 */
export function planWSO2Import(
  deployment: WSO2Deployment,
  read: (file: StoreFile) => ReadStore,
  prefix: string,
): WSO2Import {
  const objects = new Map<string, Draft>();
  const add = (object: Draft): string => {
    objects.set(`${object.kind}/${object.metadata.name}`, object);
    return object.metadata.name!;
  };
  const keystore = (file: StoreFile | undefined): string | undefined =>
    file && keystoreObjects(file, read(file), prefix).map(add).at(-1);
  const truststore = (file: StoreFile | undefined): string | undefined =>
    file && add(truststoreObject(file, read(file), prefix));
  if (deployment.keystore !== undefined || deployment.truststore !== undefined) {
    const stores = { keystore: keystore(deployment.keystore), truststore: truststore(deployment.truststore) };
    add(profileObject(`${prefix}-default`, 'WSO2 default SSL profile', ['*'], stores));
  }
  for (const profile of deployment.profiles) {
    const name = `${prefix}-${slug(profile.servers[0]!)}`;
    const stores = { keystore: keystore(profile.keystore), truststore: truststore(profile.truststore) };
    add(profileObject(name, `WSO2 SSL profile of ${profile.servers.join(', ')}`, profile.servers, stores));
  }
  return { objects: [...objects.values()], remarks: remarksOn(deployment) };
}

function keystoreObjects(file: StoreFile, { bytes }: ReadStore, prefix: string): Draft[] {
  const name = `${prefix}-${slug(file.location)}`;
  const data = {
    keystore: base64(bytes),
    password: base64(Buffer.from(file.password)),
    ...(file.keyPassword !== undefined && { keyPassword: base64(Buffer.from(file.keyPassword)) }),
  };
  return [
    { apiVersion: 'v1', kind: 'Secret', metadata: { name }, type: 'chancery.dev/keystore', data } as Draft,
    object('Keystore', name, { title: `${fileName(file.location)} of WSO2`, secretRef: { name } }),
  ];
}

function truststoreObject(file: StoreFile, { certificatesPEM }: ReadStore, prefix: string): Draft {
  const name = `${prefix}-${slug(file.location)}`;
  return object('Truststore', name, {
    title: `${fileName(file.location)} of WSO2`,
    sources: [{ certificates: certificatesPEM }],
  });
}

function profileObject(
  name: string,
  title: string,
  servers: readonly string[],
  { keystore, truststore }: { keystore: string | undefined; truststore: string | undefined },
): Draft {
  return object('TLSClientProfile', name, {
    title,
    servers: [...servers],
    ...(keystore !== undefined && { keystoreRef: { name: keystore } }),
    ...(truststore !== undefined && { truststoreRef: { name: truststore } }),
  });
}

const object = (kind: string, name: string, spec: object): Draft =>
  ({ apiVersion, kind, metadata: { name }, spec }) as Draft;

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

const fileName = (location: string): string => location.split(/[/\\]/).at(-1)!;

/** `custom-truststore.jks` and `localhost:8000` as a part of an object's name. */
function slug(text: string): string {
  const name = text === '*' ? 'any' : fileName(text).replace(/\.(jks|jceks|p12|pfx|pem)$/i, '');
  return (
    name
      .toLowerCase()
      .replaceAll(/[^a-z0-9.-]+/g, '-')
      .replaceAll(/^[-.]+|[-.]+$/g, '') || 'store'
  );
}

function remarksOn({ profiles, intervalMilliseconds }: WSO2Deployment): string[] {
  return [
    ...profiles.flatMap(bareHosts),
    ...(intervalMilliseconds === undefined
      ? []
      : [
          `ssl_profile.interval (${intervalMilliseconds} ms) has no counterpart: gateways are told of every change at once.`,
        ]),
  ];
}

// WSO2 looks profiles up by host:port, so that one for a bare host is never found there.
function bareHosts({ servers, place }: SSLProfile): string[] {
  return servers
    .filter((server) => server !== '*' && !/:\d+$/.test(server))
    .map((server) => `${place}: "${server}" names no port: here the profile applies to every port of ${server}.`);
}
