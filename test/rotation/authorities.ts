import type { Draft } from '#model/objects';
import type { Certificate, TrustBundle } from '#model/resources';
import { generateKey, keyIdentifier, p256, subjectKeyIdExtension } from '#pki/x509';
import { makeCA } from '../../src/pki/x509/certificates/certificate.fixture.ts';

export const namespace = 'default';

const certManager = 'cert-manager.io/v1';
type PrivateKey = NonNullable<Certificate['spec']['privateKey']>;

export const ecdsa: PrivateKey = { algorithm: 'ECDSA', size: 256 };
export const rsa: PrivateKey = { algorithm: 'RSA', size: 2048 };

/** A CA of the tests, under the Issuer `NAME`. */
export interface Authority {
  readonly name: string;
  /** What `chancery rotate` is called with. */
  readonly rotated: string;
  readonly objects: readonly Draft[];
  /** Certificates that are issued before anything can rest on the CA. */
  readonly certificates: readonly string[];
  /** What is trusted for it. */
  readonly source: TrustBundle['spec']['sources'][number];
  /** Certificates that follow a leaf of it up to the anchor, with the anchor. */
  readonly depth: number;
}

export const object = (apiVersion: string, kind: string, name: string, content: object): Draft => ({
  apiVersion,
  kind,
  metadata: { name, namespace },
  ...content,
});

function authorityCertificate(name: string, issuer: string, privateKey: PrivateKey, more: object = {}): Draft {
  const spec = {
    ...more,
    isCA: true,
    commonName: `Test ${name}`,
    secretName: name,
    privateKey,
    issuerRef: { name: issuer },
  };
  return object(certManager, 'Certificate', name, { spec });
}

const issuerOf = (name: string): Draft => object(certManager, 'Issuer', name, { spec: { ca: { secretName: name } } });

/** A root that signs itself and all leaves; `more` goes into its spec. */
export function root(name: string, privateKey = ecdsa, more: Partial<Certificate['spec']> = {}): Authority {
  return {
    name,
    rotated: name,
    objects: [authorityCertificate(name, 'self', privateKey, more), issuerOf(name)],
    certificates: [name],
    source: { certificateRef: { name } },
    depth: 1,
  };
}

/** Leaves from an intermediate beneath `NAME-root`, which is what is trusted; `rotates` says which of the two is replaced. */
export function intermediate(name: string, rotates: 'root' | 'intermediate'): Authority {
  const above = `${name}-root`;
  return {
    name,
    rotated: rotates === 'root' ? above : name,
    objects: [
      authorityCertificate(above, 'self', ecdsa),
      issuerOf(above),
      authorityCertificate(name, above, ecdsa),
      issuerOf(name),
    ],
    certificates: [above, name],
    source: { certificateRef: { name: above } },
    depth: 2,
  };
}

const text = (pem: string): string => Buffer.from(pem).toString('base64');

/** The Secret of a root that was made elsewhere. */
export function importedSecret(name: string, commonName: string): Draft {
  const now = Date.now();
  const day = 24 * 3600_000;
  const dates = { notBefore: new Date(now - day), notAfter: new Date(now + 1000 * day) };
  const own = generateKey(p256);
  const extensions = [subjectKeyIdExtension(keyIdentifier(own.spki))];
  const { certificate, key } = makeCA(commonName, undefined, { ...dates, key: own, extensions });
  const data = { 'tls.crt': text(certificate.toPEM()), 'tls.key': text(key.toPEM('PKCS8')) };
  return object('v1', 'Secret', name, { type: 'kubernetes.io/tls', data });
}

/** A root that was made elsewhere and brought along with its key. */
export function imported(name: string): Authority {
  return {
    name,
    rotated: `secret/${name}`,
    objects: [importedSecret(name, `Test ${name}`), issuerOf(name)],
    certificates: [],
    source: { secretRef: { name, key: 'tls.crt' } },
    depth: 1,
  };
}
