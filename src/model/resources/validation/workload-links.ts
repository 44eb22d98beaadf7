import { dnsLabelProblems, dnsSubdomainProblems } from '#model/objects';
import type { FieldError } from '#model/objects';
import type { WorkloadConnection, WorkloadListener } from '../fields/workload-parts.ts';
import { sniHostProblem } from '../sni-host.ts';
import type { Workload } from '../workload.ts';
import { workloadTerm } from '../workload-term.ts';
import { forbidden, invalid, invalidFor, notSupported, required } from './field-errors.ts';

/** The rules of listeners: they name entries that exist and fit. */
export const validateListeners = (workload: Workload): FieldError[] =>
  (workload.spec.listens ?? []).flatMap((listener, index) => validateListener(workload, listener, index));

function validateListener(workload: Workload, listener: WorkloadListener, index: number): FieldError[] {
  const path = `spec.listens[${index}]`;
  const { serverName, presents, clientTrust } = listener;
  const problem = serverName === undefined ? undefined : sniHostProblem(serverName);
  return [
    ...(problem === undefined ? [] : [invalid(`${path}.serverName`, serverName!, problem)]),
    ...identityErrors(workload, presents, 'server', `${path}.presents`),
    ...(clientTrust === undefined ? [] : trustErrors(workload, clientTrust, `${path}.clientTrust`)),
    ...mutualErrors(listener, path),
  ];
}

function mutualErrors({ mutualAuthentication = 'none', clientTrust }: WorkloadListener, path: string): FieldError[] {
  const isMutual = mutualAuthentication !== 'none';
  if (isMutual && clientTrust === undefined) {
    const detail = `must be set when mutualAuthentication is ${mutualAuthentication}: name the entry of spec.trusts that client certificates are checked with`;
    return [required(`${path}.clientTrust`, detail)];
  }
  if (isMutual || clientTrust === undefined) return [];
  return [forbidden(`${path}.clientTrust`, 'is used only when mutualAuthentication is request or require')];
}

/** The rules of connections. Whether the other side exists is told by the status: it may come later. */
export const validateConnections = (workload: Workload): FieldError[] =>
  (workload.spec.connectsTo ?? []).flatMap((connection, index) => validateConnection(workload, connection, index));

function validateConnection(workload: Workload, connection: WorkloadConnection, index: number): FieldError[] {
  const path = `spec.connectsTo[${index}]`;
  const { presents, trusts, listen } = connection;
  const others = workload.spec.connectsTo!.slice(0, index);
  return [
    ...placeErrors(connection.workload, `${path}.workload`),
    ...(listen === '' ? [required(`${path}.listen`, 'name a listener, or leave it out for all')] : []),
    ...(presents === undefined ? [] : identityErrors(workload, presents, 'client', `${path}.presents`)),
    ...trustErrors(workload, trusts, `${path}.trusts`),
    ...(others.some((other) => sameTarget(other, connection, workload.metadata.namespace))
      ? [forbidden(path, 'an earlier entry calls the same listener; leave one out')]
      : []),
  ];
}

function sameTarget(one: WorkloadConnection, other: WorkloadConnection, namespace: string | undefined): boolean {
  if (one.listen !== other.listen) return false;
  return workloadTerm(one.workload, namespace) === workloadTerm(other.workload, namespace);
}

function placeErrors(text: string, field: string): FieldError[] {
  const parts = text.split('/');
  if (parts.length > 2) return [invalid(field, text.slice(0, 200), 'write a name, or namespace/name')];
  const [name = '', namespace] = parts.toReversed();
  return [
    ...(namespace === undefined ? [] : invalidFor(field, text, dnsLabelProblems(namespace))),
    ...invalidFor(field, text, dnsSubdomainProblems(name)),
  ];
}

function identityErrors({ spec }: Workload, name: string, side: 'server' | 'client', field: string): FieldError[] {
  const { presents = [] } = spec;
  const entry = presents.find((one) => one.name === name);
  if (entry === undefined) return [unknownEntry(field, name, presents)];
  const { usage = 'both' } = entry;
  if (usage === 'both' || usage === side) return [];
  return [invalid(field, name, `its usage is ${usage}; set it to both, or name another entry of spec.presents`)];
}

function trustErrors({ spec: { trusts = [] } }: Workload, name: string, field: string): FieldError[] {
  return trusts.some((one) => one.name === name) ? [] : [unknownEntry(field, name, trusts)];
}

const mostNamed = 20;

/** The name is of no entry; those that there are, are told. */
export function unknownEntry(field: string, name: string, entries: readonly { readonly name: string }[]): FieldError {
  const names = entries.slice(0, mostNamed).map((entry) => entry.name);
  return notSupported(field, name.slice(0, 200), names);
}
