import { createAuthority, createSelfIssuer, templateFromRequest } from '#pki/issuance';
import type { CertificateAuthority } from '#pki/issuance';
import {
  buildCertificateRequest,
  formatCertificateRequestPEM,
  generateKey,
  parseCertificateRequestPEM,
  parsePrivateKeyPEM,
} from '#pki/x509';
import type { PrivateKey } from '#pki/x509';
import type { Certificate, CertificateRequest, CertificateSpec, Secret } from '#model/resources';
import type { CertificateSnapshot } from './snapshot.ts';
import { encodeText } from './material.ts';
import { requestContent } from './request-content.ts';
import { requestDraft } from './request-draft.ts';
import { defaultSettings } from './settings.ts';
import type { CryptoTask, TaskResults } from './tasks.ts';

/** Made-up objects and real keys for the tests of this room. */
export const start = new Date('2026-01-01T00:00:00Z');

export const p256Spec: CertificateSpec = {
  secretName: 'web-tls',
  dnsNames: ['web.example'],
  privateKey: { algorithm: 'ECDSA' },
  issuerRef: { name: 'ca' },
};

export function certificate(spec: Partial<CertificateSpec> = {}, status?: Certificate['status']): Certificate {
  return {
    apiVersion: 'cert-manager.io/v1',
    kind: 'Certificate',
    metadata: {
      name: 'web',
      namespace: 'apic',
      uid: 'uid-web',
      resourceVersion: '1',
      generation: 1,
      creationTimestamp: '2026-01-01T00:00:00Z',
    },
    spec: { ...p256Spec, ...spec },
    ...(status === undefined ? {} : { status }),
  };
}

export function secret(data: Record<string, string>, annotations: Record<string, string> = {}): Secret {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: 'web-tls',
      namespace: 'apic',
      uid: 'uid-secret',
      resourceVersion: '2',
      creationTimestamp: '',
      annotations,
    },
    type: 'kubernetes.io/tls',
    data: Object.fromEntries(Object.entries(data).map(([key, text]) => [key, encodeText(text)])),
  };
}

export const issuedAnnotations = {
  'cert-manager.io/certificate-name': 'web',
  'cert-manager.io/issuer-name': 'ca',
  'cert-manager.io/issuer-kind': 'Issuer',
  'cert-manager.io/issuer-group': 'cert-manager.io',
};

export interface Material {
  readonly key: PrivateKey;
  readonly requestPEM: string;
  readonly chainPEM: string;
}

const caKey = generateKey({ algorithm: 'ECDSA', size: 256 });
const caSpec: CertificateSpec = { secretName: 'ca', commonName: 'test ca', isCA: true, issuerRef: { name: 'self' } };
export const caMaterial = selfSigned(caKey, caSpec, 10 * 365 * 24 * 3600);
const authority: CertificateAuthority = createAuthority([caMaterial.certificate], caKey);

function selfSigned(key: PrivateKey, spec: CertificateSpec, durationSeconds: number) {
  const request = parseCertificateRequestPEM(requestFor(key, spec));
  const { template } = templateFromRequest(request, { isCA: true, durationSeconds }, start);
  const issuer = createSelfIssuer(request.rawSubject, key);
  const issued = issuer.sign(issuer.prepare(template));
  return { certificate: issued.certificate, chainPEM: issued.toPEM(), keyPEM: key.toPEM('PKCS8') };
}

export function requestFor(key: PrivateKey, spec: CertificateSpec): string {
  return formatCertificateRequestPEM(buildCertificateRequest(key, requestContent(spec)));
}

/** Key, request and certificate for a spec, signed by the test CA. */
export function issue(spec: CertificateSpec = p256Spec, at = start, durationSeconds = 90 * 24 * 3600): Material {
  const key = generateKey({ algorithm: 'ECDSA', size: 256 });
  const requestPEM = requestFor(key, spec);
  return { key, requestPEM, chainPEM: signed(requestPEM, at, durationSeconds, spec) };
}

export function signed(
  requestPEM: string,
  at: Date,
  durationSeconds: number,
  spec: Partial<CertificateSpec> = {},
): string {
  const { isCA = false, usages = [] } = spec;
  const fields = { isCA, usages, durationSeconds, issuerNotAfter: authority.certificate.notAfter };
  const { template } = templateFromRequest(parseCertificateRequestPEM(requestPEM), fields, at);
  return authority.issuer.sign(authority.issuer.prepare(template)).toPEM();
}

export function requestOf(owner: Certificate, revision: number, requestPEM: string): CertificateRequest {
  const draft = requestDraft(owner, revision, requestPEM, 'web-next');
  return { ...draft, metadata: { ...draft.metadata, uid: `uid-request-${revision}` } };
}

/** A Certificate that was issued once, as it stands afterwards. */
export function issuedSnapshot(
  spec: Partial<CertificateSpec> = {},
  at = start,
): CertificateSnapshot & { material: Material } {
  const owner = certificate(spec, { revision: 1 });
  const material = issue(owner.spec, at);
  const stored = {
    'tls.key': material.key.toPEM('PKCS8'),
    'tls.crt': material.chainPEM,
    'ca.crt': caMaterial.chainPEM,
  };
  return {
    ...snapshot(owner),
    secret: secret(stored, issuedAnnotations),
    requests: [requestOf(owner, 1, material.requestPEM)],
    material,
  };
}

export function snapshot(owner: Certificate, now = start): CertificateSnapshot {
  const settings = { ...defaultSettings, renewalSpreadSeconds: 0 };
  return { now, settings, certificate: owner, requests: [], nextKeySecrets: [], secretRivals: [] };
}

/** Does what a crypto pool does, with the test CA. Keystores are one byte each. */
export function answerTask(task: CryptoTask): TaskResults[keyof TaskResults] {
  switch (task.task) {
    case 'make-key': {
      const key = generateKey(task.key);
      return {
        pems: { PKCS1: key.toPEM('PKCS1'), PKCS8: key.toPEM('PKCS8') },
        spki: Buffer.from(key.spki).toString('base64'),
      };
    }
    case 'make-request':
      try {
        return { requestPEM: requestFor(parsePrivateKeyPEM(task.privateKeyPEM), task.spec) };
      } catch (error) {
        return { failed: (error as Error).message };
      }
    case 'make-temporary':
      return { chainPEM: signed(task.requestPEM, task.now, 3600, task as never) };
    case 'make-keystores': {
      const files = task.wishes.flatMap(({ format }) =>
        format === 'jks' ? ['keystore.jks', 'truststore.jks'] : ['keystore.p12', 'truststore.p12'],
      );
      return { files: Object.fromEntries(files.map((file) => [file, 'AA=='])) };
    }
    case 'sign':
    case 'self-sign':
      break;
  }
  return {
    chainPEM: signed(task.requestPEM, task.now, task.durationSeconds, task as never),
    caPEM: caMaterial.chainPEM,
    notAfter: new Date(0),
  };
}
