import Type from 'typebox';
import type { Static } from 'typebox';
import { apiEndpointTerms, clientProfileTerms, unprofiledTerms } from './api-terms.ts';
import { ageColumn, chancery, defineKind, readyColumn, statusColumn } from './define-kind.ts';
import { conditions } from './fields/condition.ts';
import { envelope } from './fields/envelope.ts';
import { anyText, int64, list, oneOf, text } from './fields/field.ts';
import { profileRef } from './fields/tls-references.ts';
import { validateAPI, warnOfAPI } from './validation/api.ts';

const description = 'An API that gateways serve under a base path, and the backends behind it.';

const endpoint = (description: string) =>
  Type.Object(
    {
      url: text('Where the backend is: https://host:port/path, or http://.'),
      tlsClientProfileRef: Type.Optional(profileRef('The TLSClientProfile of an https backend.')),
    },
    { description },
  );

const apiSchema = envelope(description, {
  spec: Type.Object(
    {
      title: Type.Optional(text('Name for people.')),
      version: text('Version of the API, such as 1.0.0.'),
      basePath: text('Start of the paths that belong to the API: /petstore/v1. Unique on a gateway.'),
      type: Type.Optional(oneOf(['REST', 'SOAP'], 'REST is the default.')),
      endpoints: Type.Object(
        {
          production: endpoint('The backend in production.'),
          sandbox: Type.Optional(endpoint('The backend for trying things out.')),
        },
        { description: 'The backends. Which of them a gateway calls is said in the Gateway.' },
      ),
      gateways: Type.Optional(
        list(anyText, 'Names of the Gateways that serve it; every one that serves this namespace when left out.'),
      ),
    },
    { description: 'The API.' },
  ),
  status: Type.Optional(
    Type.Object(
      {
        observedGeneration: Type.Optional(int64('The `metadata.generation` that this status is about.')),
        conditions: Type.Optional(conditions('Ready')),
      },
      { description: 'Whether the API can be served; written by the controllers.' },
    ),
  ),
});

/** chancery.dev/v1 API. */
export type API = Static<typeof apiSchema>;

/**
 * Indexes: `clientProfile` (`ns/name` of the profiles of its endpoints), `endpoint` (of its https endpoints: `host:port`
 * and `host`, see endpointTerm), `server` (`host:port`, `host` and `*` of https endpoints that name no profile: what the
 * `server` index of client profiles is compared with), `basePath`.
 */
export const apiKind = defineKind<API>({
  ...chancery,
  kind: 'API',
  plural: 'apis',
  singular: 'api',
  description,
  schema: apiSchema,
  printerColumns: [
    readyColumn,
    { name: 'Type', type: 'string', jsonPath: '.spec.type' },
    { name: 'Version', type: 'string', jsonPath: '.spec.version' },
    { name: 'Base Path', type: 'string', jsonPath: '.spec.basePath' },
    { name: 'Backend', type: 'string', jsonPath: '.spec.endpoints.production.url' },
    { name: 'Sandbox', type: 'string', jsonPath: '.spec.endpoints.sandbox.url', priority: 1 },
    { name: 'Title', type: 'string', jsonPath: '.spec.title', priority: 1 },
    statusColumn,
    ageColumn,
  ],
  selectableFields: ['spec.basePath'],
  indexes: {
    clientProfile: ({ metadata, spec }) => clientProfileTerms(metadata, spec.endpoints),
    endpoint: ({ spec }) => apiEndpointTerms(spec.endpoints),
    server: ({ spec }) => unprofiledTerms(spec.endpoints),
    basePath: ({ spec }) => [spec.basePath],
  },
  validate: (next) => validateAPI(next),
  warnings: (next) => warnOfAPI(next),
});
