import type { KubeObject } from '#model/objects';
import { builtinKinds, createRegistry } from '#model/resources';
import type { Fixture } from '../../../src/pki/x509/certificates/certificate.fixture.ts';
import { authority, certify, pem, startBackend, type Backend, type BackendOptions } from './backends.ts';
import { Expectation } from './expectation.ts';
import type { Installation } from './installation.ts';
import { answered, distrusted, type Outcome } from './ledger.ts';

const registry = createRegistry(builtinKinds);
export const namespace = 'soak';
export const gatewayName = `${namespace}/edge`;

/** How a backend comes to be trusted: by the truststore of its profile, by endpoint certificates alone, or not at all. */
type Trust = 'truststore' | 'added' | 'none';

interface Declared extends BackendOptions {
  readonly trust: Trust;
  /** Endpoint certificates come and go there. */
  readonly changes: boolean;
  readonly mutual?: boolean;
}

const declared: readonly Declared[] = [
  { name: 'steady', trust: 'truststore', changes: false },
  { name: 'steady-mutual', trust: 'truststore', changes: false, mutual: true },
  { name: 'decoys', trust: 'truststore', changes: true, mutual: true },
  { name: 'added', trust: 'added', changes: true },
  { name: 'added-mutual', trust: 'added', changes: true, mutual: true },
  { name: 'added-http2', trust: 'added', changes: true, speaksHTTP2: true },
  { name: 'added-host', trust: 'added', changes: true, byAddress: true },
  { name: 'never', trust: 'none', changes: true },
];

/** A backend behind an API of its own, and what a request to it shall come to. */
export interface Place {
  readonly name: string;
  readonly backend: Backend;
  readonly trust: Trust;
  readonly changes: boolean;
  readonly takesUpgrades: boolean;
  readonly expectation: Expectation<Outcome>;
  /** Where its endpoint certificates count. */
  readonly endpoint: string;
}

export type MutualAuthentication = 'none' | 'request' | 'require';

/** A host of the gateway, and the fingerprint that it shall show. */
export interface Front {
  readonly host: string;
  readonly mutual: MutualAuthentication;
  readonly name: string;
  readonly expectation: Expectation<string>;
}

/** Everything that is declared at first: backends, their APIs and profiles, and the hosts of the gateway. */
export class Scene implements Disposable {
  readonly frontCA = authority('front ca');
  readonly callerCA = authority('caller ca');
  readonly identityCA = authority('gateway identity ca');
  readonly strangerCA = authority('caller ca');
  readonly places: Place[] = [];
  readonly fronts: Front[] = [];
  readonly #installation: Installation;

  constructor(installation: Installation) {
    this.#installation = installation;
  }

  async put(kind: string, name: string, fields: object, annotations: object = {}): Promise<KubeObject> {
    const apiVersion = ['Secret', 'Namespace'].includes(kind) ? 'v1' : 'chancery.dev/v1';
    const metadata = { name, annotations, ...(kind === 'Namespace' ? {} : { namespace }) };
    const object = { apiVersion, kind, metadata, ...fields } as KubeObject;
    const options = { fieldManager: 'soak', force: true };
    const resource = registry.byKind(apiVersion, kind)!;
    return this.#installation.perform(async (client) => (await client.apply(resource, object, options)).object);
  }

  async remove(kind: string, name: string): Promise<void> {
    const resource = registry.byKind('chancery.dev/v1', kind)!;
    await this.#installation.perform(async (client) => {
      await client.delete(resource, name, { namespace }).catch((error: unknown) => {
        if ((error as { code?: string }).code !== 'not-found') throw error;
      });
    });
  }

  putPair(name: string, fixture: Fixture): Promise<KubeObject> {
    const stringData = { 'tls.crt': pem(fixture), 'tls.key': fixture.key.toPEM('PKCS8') };
    return this.put('Secret', name, { type: 'kubernetes.io/tls', stringData });
  }

  async declare(): Promise<void> {
    await this.put('Namespace', namespace, {});
    await this.#declareIdentity();
    await this.put('Truststore', 'callers', { spec: { sources: [{ certificates: pem(this.callerCA) }] } });
    for (const mutual of ['none', 'request', 'require'] as const) await this.#declareFront(mutual);
    const sni = this.fronts.map(({ host, name }) => ({ host, tlsServerProfileRef: { name } }));
    await this.put('Gateway', 'edge', { spec: { sni } });
    for (const one of declared) await this.#declarePlace(one);
  }

  [Symbol.dispose](): void {
    for (const { backend } of this.places) backend.stop();
  }

  async #declareIdentity(): Promise<void> {
    await this.putPair('identity', certify('gateway', this.identityCA));
    await this.put('Keystore', 'identity', { spec: { secretRef: { name: 'identity' } } });
  }

  async #declareFront(mutual: MutualAuthentication): Promise<void> {
    const [name, host] = [`front-${mutual}`, `${mutual}.example`];
    const shown = certify(host, this.frontCA);
    await this.putPair(name, shown);
    await this.put('Keystore', name, { spec: { secretRef: { name } } });
    const truststore = mutual === 'none' ? {} : { truststoreRef: { name: 'callers' } };
    await this.put('TLSServerProfile', name, {
      spec: { keystoreRef: { name }, mutualAuthentication: mutual, ...truststore },
    });
    this.fronts.push({ host, mutual, name, expectation: new Expectation(shown.certificate.fingerprint) });
  }

  async #declarePlace(one: Declared): Promise<void> {
    const { name, trust, changes, mutual = false, speaksHTTP2 = false, byAddress = false } = one;
    const backend = await startBackend({ ...one, ...(mutual ? { callers: this.identityCA } : {}) });
    await this.#declareProfile(one, backend);
    const { host, port } = backend;
    const production = { url: `https://${host}:${port}/in`, tlsClientProfileRef: { name } };
    await this.put('API', name, { spec: { version: '1.0.0', basePath: `/${name}`, endpoints: { production } } });
    const expectation = new Expectation<Outcome>(trust === 'truststore' ? answered : distrusted);
    const endpoint = byAddress ? host : `${host}:${port}`;
    this.places.push({ name, backend, trust, changes, takesUpgrades: !speaksHTTP2, expectation, endpoint });
  }

  /** Where trust is added, the truststore of the profile trusts somebody else of the same name. */
  async #declareProfile(one: Declared, { ca }: Backend): Promise<void> {
    const { name, trust, mutual = false, speaksHTTP2 = false } = one;
    const trusted = trust === 'truststore' ? ca : authority(`${name} ca`);
    await this.put('Truststore', name, { spec: { sources: [{ certificates: pem(trusted) }] } });
    const identity = mutual ? { keystoreRef: { name: 'identity' } } : {};
    const protocols = speaksHTTP2 ? { alpnProtocols: ['h2', 'http/1.1'] } : {};
    await this.put('TLSClientProfile', name, { spec: { truststoreRef: { name }, ...identity, ...protocols } });
  }
}
