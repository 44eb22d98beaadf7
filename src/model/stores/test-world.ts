import { makeCA, makeCertificate } from '../../pki/x509/certificates/certificate.fixture.ts';
import type { Fixture, FixtureOptions } from '../../pki/x509/certificates/certificate.fixture.ts';
import type { KubeObject } from '#model/objects';
import type { Certificate, Keystore, Secret, TLSClientProfile, TLSServerProfile, Truststore } from '#model/resources';
import { objectTerm } from './lookup.ts';
import type { Lookup } from './lookup.ts';

export const now = new Date('2030-01-01T00:00:00Z');

/** CAs and certificates that are valid at `now`, made once for all tests of a file. */
export const root = makeCA('root');
export const intermediate = makeCA('intermediate', root);
export const leaf = makeCertificate({ subject: 'leaf', issuer: intermediate });
export const otherRoot = makeCA('other root');

export const certify = (subject: string, more: Partial<FixtureOptions> = {}): Fixture =>
  makeCertificate({ subject, issuer: root, ...more });

export const pem = (...fixtures: readonly Fixture[]): string =>
  fixtures.map(({ certificate }) => certificate.toPEM()).join('');

/** `tls.crt` and `tls.key` of a certificate with the CAs above it. */
export const pair = (own: Fixture, ...issuers: readonly Fixture[]): Record<string, string> => ({
  'tls.crt': pem(own, ...issuers),
  'tls.key': own.key.toPEM('PKCS8'),
});

/** Objects that can be replaced; every version of one differs from all others, as in a store. */
export class World implements Lookup {
  readonly objects = new Map<string, KubeObject>();
  /** Terms that were asked for. */
  readonly asked = new Set<string>();
  #revision = 0;

  get: Lookup['get'] = (kind, namespace, name) => {
    const term = objectTerm(kind, namespace, name);
    this.asked.add(term);
    return this.objects.get(term) as never;
  };

  put(kind: string, place: string, fields: Record<string, unknown>): KubeObject {
    const [namespace = '', name = ''] = place.split('/');
    const { labels, creationTimestamp, ...rest } = fields;
    this.#revision += 1;
    const before = this.objects.get(objectTerm(kind, namespace, name));
    const metadata = {
      name,
      namespace,
      uid: `uid-${kind}-${place}`,
      resourceVersion: String(this.#revision),
      generation: (before?.metadata.generation ?? 0) + 1,
      creationTimestamp: creationTimestamp ?? '2029-01-01T00:00:00Z',
      ...(labels === undefined ? {} : { labels }),
    };
    const object = { apiVersion: 'chancery.dev/v1', kind, metadata: metadata as KubeObject['metadata'], ...rest };
    this.objects.set(objectTerm(kind, namespace, name), object);
    return object;
  }

  secret(place: string, values: Readonly<Record<string, string | Uint8Array>>, type = 'Opaque'): Secret {
    const data = Object.fromEntries(
      Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString('base64')]),
    );
    return this.put('Secret', place, { type, data });
  }

  certificate(place: string, spec: Partial<Certificate['spec']> = {}): Certificate {
    const [, name = ''] = place.split('/');
    return this.put('Certificate', place, {
      spec: { secretName: `${name}-tls`, issuerRef: { name: 'ca' }, ...spec },
    }) as Certificate;
  }

  keystore(place: string, spec: Keystore['spec']): Keystore {
    return this.put('Keystore', place, { spec }) as Keystore;
  }

  truststore(place: string, ...sources: Truststore['spec']['sources']): Truststore {
    return this.put('Truststore', place, { spec: { sources } }) as Truststore;
  }

  clientProfile(place: string, spec: TLSClientProfile['spec'], labels?: Record<string, string>): TLSClientProfile {
    return this.put('TLSClientProfile', place, { spec, labels }) as TLSClientProfile;
  }

  serverProfile(place: string, spec: TLSServerProfile['spec'], labels?: Record<string, string>): TLSServerProfile {
    return this.put('TLSServerProfile', place, { spec, labels }) as TLSServerProfile;
  }

  remove(kind: string, place: string): void {
    this.objects.delete(`${kind} ${place}`);
  }
}

/** `team/own` as a place. */
export function at(place: string): { namespace: string; name: string } {
  const [namespace = '', name = ''] = place.split('/');
  return { namespace, name };
}
