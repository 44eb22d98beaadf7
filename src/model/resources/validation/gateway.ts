import { dnsLabelProblems } from '#model/objects';
import type { FieldError } from '#model/objects';
import type { Gateway } from '../gateway.ts';
import type { GatewayNode } from '../gateway-node.ts';
import { sniHostProblem } from '../sni-host.ts';
import { systemNamespace } from '../system.ts';
import { duplicate, errorLimit, forbidden, invalid, invalidFor, required } from './field-errors.ts';
import { validateProfileRef, validateRef } from './object-refs.ts';

/** Every rule that the Gateway breaks. */
export const validateGateway = (gateway: Gateway): FieldError[] =>
  [...validateHosts(gateway), ...validateNamespaces(gateway)].slice(0, errorLimit);

function validateHosts({ metadata, spec }: Gateway): FieldError[] {
  if (spec.sni.length === 0) return [required('spec.sni', 'name at least one host; "*" stands for all')];
  const seen = new Set<string>();
  return spec.sni.flatMap(({ host, tlsServerProfileRef }, index) => {
    const path = `spec.sni[${index}]`;
    return [
      ...validateHost(host, `${path}.host`, seen),
      ...validateProfileRef(metadata, tlsServerProfileRef, `${path}.tlsServerProfileRef`),
    ];
  });
}

function validateHost(text: string, field: string, seen: Set<string>): FieldError[] {
  const problem = sniHostProblem(text);
  if (problem !== undefined) return [invalid(field, text, problem)];
  return seen.size === seen.add(text.toLowerCase()).size ? [duplicate(field, text)] : [];
}

function validateNamespaces({ metadata, spec: { apiNamespaces = [] } }: Gateway): FieldError[] {
  const isFree = metadata.namespace === systemNamespace;
  return apiNamespaces.flatMap((namespace, index) => {
    const field = `spec.apiNamespaces[${index}]`;
    if (apiNamespaces.indexOf(namespace) < index) return [duplicate(field, namespace)];
    if (isFree || namespace === metadata.namespace) return invalidFor(field, namespace, dnsLabelProblems(namespace));
    return [forbidden(field, `only a Gateway in ${systemNamespace} can serve the APIs of other namespaces`)];
  });
}

/** A node runs a Gateway of its own namespace. */
export function validateGatewayNode({ metadata, spec }: GatewayNode): FieldError[] {
  const { namespace = '' } = spec.gatewayRef;
  const isElsewhere = namespace !== '' && namespace !== metadata.namespace;
  return isElsewhere
    ? [forbidden('spec.gatewayRef.namespace', 'a node lives in the namespace of its Gateway')]
    : validateRef(metadata, spec.gatewayRef, 'spec.gatewayRef');
}
