import Type from 'typebox';
import type { Static } from 'typebox';
import { ageColumn, chancery, defineKind, readyColumn, statusColumn } from './define-kind.ts';
import { conditions } from './fields/condition.ts';
import { envelope } from './fields/envelope.ts';
import { anyText, flag, int64, list, oneOf, text } from './fields/field.ts';
import { nodeProgressSchema } from './fields/node-counts.ts';
import { profileRef } from './fields/tls-references.ts';
import { refTerms } from './index-terms.ts';
import { validateGateway } from './validation/gateway.ts';

const description = 'One configuration of a TLS gateway, which any number of nodes run.';

const listener = Type.Object({
  host: text(
    'Server name (SNI): a host, `*.` and a domain, or `*` for every other and for callers that name none. Internationalized names are written as callers send them, `xn--...`.',
  ),
  tlsServerProfileRef: profileRef('The TLSServerProfile with which connections to that host are accepted.'),
});

const gatewaySchema = envelope(description, {
  spec: Type.Object(
    {
      title: Type.Optional(text('Name for people.')),
      production: Type.Optional(flag('Warn when a default profile is used.')),
      endpoints: Type.Optional(
        oneOf(['production', 'sandbox'], 'Which endpoints of the APIs it calls; production is the default.'),
      ),
      sni: list(listener, 'The hosts that it serves, each once.'),
      apiNamespaces: Type.Optional(
        list(
          anyText,
          'Whose APIs it serves. The own namespace by default; every one for a Gateway in chancery-system.',
        ),
      ),
    },
    { description: 'The configuration.' },
  ),
  status: Type.Optional(
    Type.Object(
      {
        observedGeneration: Type.Optional(int64('The `metadata.generation` that this status is about.')),
        conditions: Type.Optional(conditions('Ready, and whether default profiles are in use')),
        nodes: Type.Optional(nodeProgressSchema),
      },
      { description: 'How far its nodes are; written by the controllers.' },
    ),
  ),
});

/** chancery.dev/v1 Gateway. */
export type Gateway = Static<typeof gatewaySchema>;

/** Index: `serverProfile` (`ns/name` of the profiles of its hosts). */
export const gatewayKind = defineKind<Gateway>({
  ...chancery,
  kind: 'Gateway',
  plural: 'gateways',
  singular: 'gateway',
  shortNames: ['gw'],
  description,
  schema: gatewaySchema,
  printerColumns: [
    readyColumn,
    { name: 'Production', type: 'boolean', jsonPath: '.spec.production' },
    { name: 'Nodes', type: 'integer', jsonPath: '.status.nodes.desired', description: 'Nodes that run it.' },
    { name: 'Proven', type: 'integer', jsonPath: '.status.nodes.proven', description: 'Nodes that have proven it.' },
    { name: 'Title', type: 'string', jsonPath: '.spec.title', priority: 1 },
    statusColumn,
    ageColumn,
  ],
  indexes: {
    serverProfile: ({ metadata, spec }) =>
      refTerms(metadata, ...spec.sni.map(({ tlsServerProfileRef }) => tlsServerProfileRef)),
  },
  validate: (next) => validateGateway(next),
});
