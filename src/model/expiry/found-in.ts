import type { KubeObject } from '#model/objects';
import { formatTimestamp } from '#model/objects';
import { uploadedCertificates } from '#model/resources';
import type {
  Certificate,
  ClusterIssuer,
  EndpointCertificate,
  Issuer,
  Keystore,
  Secret,
  TrustBundle,
  Truststore,
} from '#model/resources';
import type { WatchedCertificate } from './watched-certificate.ts';

/** The certificates that an object holds or tells of; none for other kinds, and before its status is written. */
export function certificatesIn(object: KubeObject): WatchedCertificate[] {
  const find = finders[object.kind];
  return find === undefined ? [] : find(object as never).filter(({ notAfter }) => !Number.isNaN(Date.parse(notAfter)));
}

const finders: Readonly<Record<string, ((object: never) => WatchedCertificate[]) | undefined>> = {
  Certificate: inCertificate,
  Issuer: inIssuer,
  ClusterIssuer: inIssuer,
  Secret: inSecret,
  Keystore: inKeystore,
  Truststore: inTruststore,
  TrustBundle: inTrustBundle,
  EndpointCertificate: inEndpointCertificate,
};

function sourceOf({ kind, metadata }: KubeObject, path: string): WatchedCertificate['source'] {
  const { namespace, name } = metadata;
  return { kind, ...(namespace === undefined ? {} : { namespace }), name, path };
}

function inCertificate(certificate: Certificate): WatchedCertificate[] {
  const { spec, status = {} } = certificate;
  const { notBefore, notAfter, renewalTime } = status;
  if (notAfter === undefined) return [];
  const managed = spec.renewal?.policy !== 'Disabled' && renewalTime !== undefined;
  return [
    {
      subject: subjectOf(spec),
      source: sourceOf(certificate, 'status'),
      ...(notBefore === undefined ? {} : { notBefore }),
      notAfter,
      isCA: spec.isCA ?? false,
      managed,
      ...(managed ? { renewalTime } : {}),
    },
  ];
}

/** As near as the wish comes to the subject of what was issued. */
function subjectOf({ commonName, literalSubject, dnsNames = [] }: Certificate['spec']): string {
  if (commonName !== undefined) return `CN=${commonName}`;
  return literalSubject ?? dnsNames[0] ?? '';
}

function inIssuer(issuer: Issuer | ClusterIssuer): WatchedCertificate[] {
  const { subject = '', notBefore, notAfter, serialNumber, fingerprint } = issuer.status?.ca ?? {};
  if (notAfter === undefined) return [];
  const known = { ...(serialNumber && { serialNumber }), ...(fingerprint && { fingerprint }) };
  const begins = notBefore === undefined ? {} : { notBefore };
  const source = sourceOf(issuer, 'status.ca');
  return [{ subject, ...known, source, ...begins, notAfter, isCA: true, managed: false }];
}

function inSecret(secret: Secret): WatchedCertificate[] {
  return uploadedCertificates(secret).map(({ key, position, certificate }) => ({
    subject: certificate.subjectText,
    issuer: certificate.issuerText,
    serialNumber: certificate.serialNumber,
    fingerprint: certificate.fingerprint,
    source: sourceOf(secret, `data[${key}][${position}]`),
    notBefore: formatTimestamp(certificate.notBefore),
    notAfter: formatTimestamp(certificate.notAfter),
    isCA: certificate.isCA,
    managed: false,
  }));
}

interface Facts {
  readonly subject: string;
  readonly issuer: string;
  readonly serialNumber: string;
  readonly fingerprint: string;
  readonly notBefore: string;
  readonly notAfter: string;
  readonly isCA: boolean;
}

/** What is the same for all certificates of one object. */
interface Common {
  readonly managed: boolean;
  readonly usedBy?: readonly string[];
  readonly endpoint?: string;
}

function fromFacts(object: KubeObject, path: string, facts: Facts, common: Common): WatchedCertificate {
  const { subject, issuer, serialNumber, fingerprint, notBefore, notAfter, isCA } = facts;
  const source = sourceOf(object, path);
  return { subject, issuer, serialNumber, fingerprint, source, notBefore, notAfter, isCA, ...common };
}

function usersIn({ usedBy = [] }: { readonly usedBy?: readonly string[] }): Pick<Common, 'usedBy'> {
  return usedBy.length === 0 ? {} : { usedBy };
}

function inKeystore(keystore: Keystore): WatchedCertificate[] {
  const { spec, status = {} } = keystore;
  const common = { managed: spec.certificateRef !== undefined, ...usersIn(status) };
  const entries = status.entries ?? [];
  const chains = entries.flatMap(({ chain = [] }, index) =>
    chain.map((facts, place) => fromFacts(keystore, `status.entries[${index}].chain[${place}]`, facts, common)),
  );
  return [...entries.map((facts, index) => fromFacts(keystore, `status.entries[${index}]`, facts, common)), ...chains];
}

function inTruststore(truststore: Truststore): WatchedCertificate[] {
  const { status = {} } = truststore;
  const common = { managed: false, ...usersIn(status) };
  return (status.entries ?? []).map((facts, index) => fromFacts(truststore, `status.entries[${index}]`, facts, common));
}

/** The place of an anchor changes when others go: it is told by what it is. */
function inTrustBundle(bundle: TrustBundle): WatchedCertificate[] {
  return (bundle.status?.anchors ?? [])
    .filter(({ state }) => state !== 'withdrawn')
    .map((facts) => fromFacts(bundle, `status.anchors[${facts.fingerprint.slice(0, 8)}]`, facts, { managed: false }));
}

function inEndpointCertificate(object: EndpointCertificate): WatchedCertificate[] {
  const { status = {} } = object;
  const at = status.appliesTo === undefined ? {} : { endpoint: status.appliesTo };
  const common = { managed: false, ...at, ...usersIn(status) };
  return (status.certificates ?? []).map((facts, index) =>
    fromFacts(object, `status.certificates[${index}]`, facts, common),
  );
}
