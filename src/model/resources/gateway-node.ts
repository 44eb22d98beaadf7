import Type from 'typebox';
import type { Static } from 'typebox';
import { ageColumn, chancery, defineKind, readyColumn, statusColumn } from './define-kind.ts';
import { conditions } from './fields/condition.ts';
import { envelope } from './fields/envelope.ts';
import { anyText, integer, list, text, time } from './fields/field.ts';
import { endpointReports, listenerReports, reportCounts, revisionMark } from './fields/node-report.ts';
import { objectRef } from './fields/tls-references.ts';
import { refTerms } from './index-terms.ts';
import { validateGatewayNode } from './validation/gateway.ts';

const description = 'A process that runs a Gateway, and what it has loaded and proven. Written by that process.';

const gatewayNodeSchema = envelope(description, {
  spec: Type.Object(
    {
      gatewayRef: objectRef('The Gateway that it runs, in the same namespace.'),
      version: Type.Optional(text('Version of the program.')),
    },
    { description: 'Which node this is.' },
  ),
  status: Type.Optional(
    Type.Object(
      {
        conditions: Type.Optional(conditions('Ready, Synced and Proven')),
        startedAt: Type.Optional(time('When the process started.')),
        lastSeenTime: Type.Optional(time('When the node last gave a sign of life.')),
        addresses: Type.Optional(list(anyText, 'Where it listens, `host:port`.')),
        desired: Type.Optional(revisionMark('What it knows that it shall have.')),
        loaded: Type.Optional(revisionMark('What it has loaded.')),
        proven: Type.Optional(revisionMark('What it has proven.')),
        counts: Type.Optional(reportCounts),
        listeners: Type.Optional(listenerReports),
        omittedListeners: Type.Optional(integer('How many hosts are left out of the list.')),
        endpoints: Type.Optional(endpointReports),
        omittedEndpoints: Type.Optional(integer('How many backends are left out of the list.')),
      },
      { description: 'What the node has.' },
    ),
  ),
});

/** chancery.dev/v1 GatewayNode. */
export type GatewayNode = Static<typeof gatewayNodeSchema>;

/** Index: `gateway` (`ns/name` of the Gateway it runs). */
export const gatewayNodeKind = defineKind<GatewayNode>({
  ...chancery,
  kind: 'GatewayNode',
  plural: 'gatewaynodes',
  singular: 'gatewaynode',
  shortNames: ['gwn'],
  description,
  schema: gatewayNodeSchema,
  printerColumns: [
    readyColumn,
    { name: 'Gateway', type: 'string', jsonPath: '.spec.gatewayRef.name' },
    { name: 'Synced', type: 'string', jsonPath: '.status.conditions[?(@.type=="Synced")].status' },
    { name: 'Proven', type: 'string', jsonPath: '.status.conditions[?(@.type=="Proven")].status' },
    { name: 'Failed', type: 'integer', jsonPath: '.status.counts.failed' },
    { name: 'Desired', type: 'integer', jsonPath: '.status.counts.desired', priority: 1 },
    { name: 'Loaded', type: 'integer', jsonPath: '.status.counts.loaded', priority: 1 },
    { name: 'Addresses', type: 'string', jsonPath: '.status.addresses', priority: 1 },
    { name: 'Version', type: 'string', jsonPath: '.spec.version', priority: 1 },
    { name: 'Last Seen', type: 'date', jsonPath: '.status.lastSeenTime', priority: 1 },
    statusColumn,
    ageColumn,
  ],
  selectableFields: ['spec.gatewayRef.name'],
  indexes: { gateway: ({ metadata, spec }) => refTerms(metadata, spec.gatewayRef) },
  validate: (next) => validateGatewayNode(next),
});
