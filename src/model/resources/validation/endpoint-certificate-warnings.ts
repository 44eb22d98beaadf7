import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { arrangeChain } from '#pki/material';
import type { Finding, TruststoreMaterial } from '#pki/material';
import type { EndpointCertificate } from '../endpoint-certificate.ts';
import { readEndpoint } from '../endpoint.ts';
import { findingText, readMaterial } from './material-reading.ts';
import { readUploadedText } from './upload-reading.ts';

/** What should be known of a certificate that is taken: how far it reaches, and what is weak or foreign in it. */
export function warnOfEndpointCertificate({ spec }: EndpointCertificate, now: Date): string[] {
  const reading = readUploadedText(spec.certificate, now);
  const endpoint = readEndpoint(spec.endpoint);
  if ('problem' in reading || 'problem' in endpoint) return [];
  const { material } = reading;
  return [
    ...warnOfReach(spec.endpoint, endpoint.port),
    ...material.findings.filter(isTold).map((finding) => `spec.certificate: ${findingText(finding)}`),
    ...warnOfChain(material, endpoint.host, now),
  ];
}

/** Expired ones too: the chain may have expired in part, or be taken nevertheless. */
const isTold = ({ severity }: Finding): boolean => severity !== 'info';

function warnOfReach(text: string, port: number | undefined): string[] {
  if (port === undefined) return ['spec.endpoint: without a port it is trusted on every port of the host'];
  const path = /^https:\/\/[^/]+(\/.+)$/i.exec(text)?.[1];
  return path === undefined
    ? []
    : [`spec.endpoint: the path ${path} does not count; it is trusted for the host and port`];
}

function warnOfChain({ certificates }: TruststoreMaterial, host: string, now: Date): string[] {
  const arranged = readMaterial(() =>
    arrangeChain(
      certificates.map(({ certificate }) => certificate),
      now,
    ),
  );
  if ('problem' in arranged || arranged.material === undefined) return [];
  const { chain, leftover } = arranged.material;
  const isEndEntity = certificates.some(({ certificate, isCA }) => certificate === chain[0] && !isCA);
  return [
    ...(leftover.length > 0
      ? [`spec.certificate: ${leftover.length} of its certificates belong to no chain with the first one`]
      : []),
    ...(isEndEntity && !isFor(chain[0]!.der, host)
      ? [`spec.certificate: its names do not include ${host}, so that connections to it will be refused`]
      : []),
  ];
}

function isFor(der: Uint8Array, host: string): boolean {
  const certificate = new X509Certificate(der);
  const match = isIP(host) === 0 ? certificate.checkHost(host, { subject: 'never' }) : certificate.checkIP(host);
  return match !== undefined;
}
