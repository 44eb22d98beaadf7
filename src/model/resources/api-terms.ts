import type { ObjectRef } from './fields/tls-references.ts';
import { endpointTerm, readBackend } from './endpoint.ts';
import { refTerms } from './index-terms.ts';

interface Backend {
  readonly url: string;
  readonly tlsClientProfileRef?: ObjectRef;
}

interface Backends {
  readonly production: Backend;
  readonly sandbox?: Backend;
}

const all = ({ production, sandbox }: Backends): readonly Backend[] =>
  sandbox === undefined ? [production] : [production, sandbox];

/** `ns/name` of the client profiles of an API's endpoints. */
export const clientProfileTerms = (metadata: { readonly namespace?: string }, backends: Backends): string[] =>
  refTerms(metadata, ...all(backends).map(({ tlsClientProfileRef }) => tlsClientProfileRef));

/** The servers whose profile an API is called with: those of its https endpoints that name none, closest first, and `*`. */
export function unprofiledTerms(backends: Backends): string[] {
  const { production, sandbox } = backends;
  const unprofiled = [production, sandbox].filter((one) => one !== undefined && one.tlsClientProfileRef === undefined);
  const terms = unprofiled.flatMap((one) => apiEndpointTerms({ production: one! }));
  return terms.length === 0 ? [] : [...new Set([...terms, '*'])];
}

/** `host:port` and `host` of each https endpoint, so that certificates of the whole host find it too. */
export function apiEndpointTerms(backends: Backends): string[] {
  const terms = all(backends).flatMap(({ url }) => {
    const backend = readBackend(url);
    if ('problem' in backend || !backend.secure) return [];
    return [endpointTerm(backend.host, backend.port), endpointTerm(backend.host)];
  });
  return [...new Set(terms)];
}
