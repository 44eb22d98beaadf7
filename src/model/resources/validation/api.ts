import { dnsSubdomainProblems } from '#model/objects';
import type { FieldError } from '#model/objects';
import type { API } from '../api.ts';
import { basePathProblem } from '../base-path.ts';
import { readBackend } from '../endpoint.ts';
import { duplicate, errorLimit, forbidden, invalid, invalidFor, required } from './field-errors.ts';
import { validateProfileRef } from './object-refs.ts';

const sides = ['production', 'sandbox'] as const;

/** Every rule that the API breaks. That its base path is free on its gateways is judged in its status. */
export function validateAPI(api: API): FieldError[] {
  const { version, basePath, gateways = [] } = api.spec;
  const pathProblem = basePathProblem(basePath);
  return [
    ...(version === '' ? [required('spec.version', 'write the version of the API, such as 1.0.0')] : []),
    ...(pathProblem === undefined ? [] : [invalid('spec.basePath', basePath, pathProblem)]),
    ...sides.flatMap((side) => validateEndpoint(api, side)),
    ...validateGateways(gateways),
  ].slice(0, errorLimit);
}

function validateEndpoint({ metadata, spec }: API, side: (typeof sides)[number]): FieldError[] {
  const endpoint = spec.endpoints[side];
  if (endpoint === undefined) return [];
  const { url, tlsClientProfileRef } = endpoint;
  const path = `spec.endpoints.${side}`;
  const backend = readBackend(url);
  if ('problem' in backend) return [invalid(`${path}.url`, url, backend.problem)];
  const isUseless = tlsClientProfileRef !== undefined && !backend.secure;
  return [
    ...validateProfileRef(metadata, tlsClientProfileRef, `${path}.tlsClientProfileRef`),
    ...(isUseless
      ? [
          forbidden(
            `${path}.tlsClientProfileRef`,
            'an http backend uses no TLS; write https in the url, or leave it out',
          ),
        ]
      : []),
  ];
}

const validateGateways = (names: readonly string[]): FieldError[] =>
  names.flatMap((name, index) => {
    const field = `spec.gateways[${index}]`;
    if (names.indexOf(name) < index) return [duplicate(field, name)];
    return invalidFor(field, name, dnsSubdomainProblems(name));
  });

/** Says where nothing is encrypted. */
export const warnOfAPI = ({ spec }: API): string[] =>
  sides.flatMap((side) => {
    const backend = readBackend(spec.endpoints[side]?.url ?? '');
    if ('problem' in backend || backend.secure) return [];
    return [`spec.endpoints.${side}.url: what is sent to this backend is not encrypted`];
  });
