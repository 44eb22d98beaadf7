export const namespace = 'bench';
export const authorityName = 'bench-ca';
export const trustName = 'trust';
/** On the Secret of each certificate: the Workload that presents it. */
export const workloadLabel = 'bench.chancery.dev/workload';

const domain = 'bench.example';

/** Where an instance is called for one of its certificates. */
export const hostOf = (certificate: string, instance: string): string => `${instance}.${certificate}.${domain}`;

/** What the certificate is for: that host in every instance. */
export const hostsOf = (certificate: string): string => hostOf(certificate, '*');

export interface NamedHost {
  readonly instance: string;
  readonly certificate: string;
  readonly workload: string;
}

/** Certificates are named after their Workload: `gate-007-c12`. */
export function readHost(host: string): NamedHost {
  const [instance = '', certificate = ''] = host.split('.');
  return { instance, certificate, workload: certificate.slice(0, certificate.lastIndexOf('-')) };
}
