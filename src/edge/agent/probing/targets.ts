import type { Workload, WorkloadListener } from '#model/resources';
import type { ProbeTarget } from './shake.ts';

/** One listener of one instance, and where it is probed. */
export interface ProbedListener {
  readonly listener: WorkloadListener;
  readonly target: ProbeTarget;
}

type Spec = Workload['spec'];

/**
 * Where the listeners of an instance are probed: at the instance's address, on this machine when it has none; the
 * listener's own port counts before the one of the address. Listeners without any port are not probed.
 */
export function probedListeners(spec: Spec, instance: string): ProbedListener[] {
  const { address } = spec.instances?.find(({ name }) => name === instance) ?? {};
  const [, host = '127.0.0.1', port] = /^(.*):(\d+)$/.exec(address ?? '') ?? [];
  return (spec.listens ?? []).flatMap((listener) => {
    const own = listener.port ?? (port === undefined ? undefined : Number(port));
    if (own === undefined) return [];
    const target = { host: host.replace(/^\[(.*)\]$/, '$1'), port: own, serverName: nameIn(listener.serverName) };
    return [{ listener, target }];
  });
}

/** A name that a pattern serves; none for `*`, which serves whoever names none. */
function nameIn(pattern: string | undefined): string | undefined {
  if (pattern === undefined || pattern === '*') return undefined;
  return pattern.startsWith('*.') ? `chancery-proof${pattern.slice(1)}` : pattern;
}

export const placeOf = ({ target: { host, port, serverName } }: ProbedListener): string =>
  `${serverName ?? 'no name'} at ${host}:${port}`;
