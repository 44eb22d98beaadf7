import Type from 'typebox';
import type { Static } from 'typebox';
import { ageColumn, chancery, defineKind, readyColumn, statusColumn } from './define-kind.ts';
import { conditions } from './fields/condition.ts';
import { envelope } from './fields/envelope.ts';
import { anyText, flag, int64, integer, list, oneOf, text } from './fields/field.ts';
import { instanceOrders, quarantinedInstances, wantedMaterials } from './fields/material-report.ts';
import { connectsTo, files, instances, listens, presents, reloadSchema, trusts } from './fields/workload-parts.ts';
import { workloadTerm } from './workload-term.ts';
import { objectRef } from './fields/tls-references.ts';
import { refTerms } from './index-terms.ts';
import { validateWorkload, warnOfWorkload } from './validation/workload.ts';

const description =
  'Servers that run the same thing: what they present and trust, whom they call, and how they reload.';

const workloadSchema = envelope(description, {
  spec: Type.Object(
    {
      title: Type.Optional(text('Name for people.')),
      summary: Type.Optional(text('What it does.')),
      site: Type.Optional(text('Where it runs: a data center, a cluster.')),
      driver: Type.Optional(
        oneOf(
          ['files', 'nginx', 'haproxy', 'wso2', 'gateway'],
          'What runs there, and so how it is changed; files is the default.',
        ),
      ),
      gatewayRef: Type.Optional(
        objectRef('The Gateway that it is, in the same namespace; given when, and only when, the driver is gateway.'),
      ),
      instances: Type.Optional(instances),
      presents: Type.Optional(presents),
      trusts: Type.Optional(trusts),
      listens: Type.Optional(listens),
      connectsTo: Type.Optional(connectsTo),
      files: Type.Optional(files),
      reload: Type.Optional(reloadSchema),
      external: Type.Optional(
        flag('Nothing of this installation runs there: what it has loaded is attested by people, not proven.'),
      ),
    },
    { description: 'What it needs.' },
  ),
  status: Type.Optional(
    Type.Object(
      {
        observedGeneration: Type.Optional(int64('The `metadata.generation` that this status is about.')),
        conditions: Type.Optional(conditions('Ready')),
        materials: Type.Optional(wantedMaterials),
        asked: Type.Optional(instanceOrders),
        behind: Type.Optional(
          list(anyText, 'Where servers restart: instances that live and have not loaded all that they shall have.'),
        ),
        quarantined: Type.Optional(quarantinedInstances),
        counts: Type.Optional(
          Type.Object(
            {
              instances: integer('Instances that are known.'),
              loaded: integer('Instances that have loaded all that they shall have.'),
              proven: integer('Instances of which a handshake has shown that.'),
            },
            { description: 'How far its instances are.' },
          ),
        ),
      },
      { description: 'What its instances shall have, and how far they are; what each has, its WorkloadInstance says.' },
    ),
  ),
});

/** chancery.dev/v1 Workload. */
export type Workload = Static<typeof workloadSchema>;
export type WorkloadSpec = Workload['spec'];
export type WorkloadStatus = NonNullable<Workload['status']>;

function secretTerms({ metadata, spec }: Workload): string[] {
  const entries = [...(spec.presents ?? []), ...(spec.trusts ?? [])];
  const passwords = (spec.files ?? []).map(({ passwordRef }) => passwordRef);
  return refTerms(metadata, ...entries.map(({ secretRef }) => secretRef), ...passwords);
}

const certificateTerms = ({ metadata, spec }: Workload): string[] =>
  refTerms(metadata, ...[...(spec.presents ?? []), ...(spec.trusts ?? [])].map(({ certificateRef }) => certificateRef));

/**
 * Indexes: `secret` (`ns/name` of each Secret it names, for passwords too), `certificate`, `keystore`, `truststore`,
 * `trustBundle` (`ns/name` of what it presents and trusts), `workload` (`ns/name` of whom it calls), `gateway` (`ns/name`
 * of the Gateway that it is), `agent` (identities of the agents of its instances).
 */
export const workloadKind = defineKind<Workload>({
  ...chancery,
  kind: 'Workload',
  plural: 'workloads',
  singular: 'workload',
  shortNames: ['wl'],
  description,
  schema: workloadSchema,
  printerColumns: [
    readyColumn,
    { name: 'Driver', type: 'string', jsonPath: '.spec.driver' },
    { name: 'Site', type: 'string', jsonPath: '.spec.site' },
    { name: 'Instances', type: 'integer', jsonPath: '.status.counts.instances' },
    { name: 'Loaded', type: 'integer', jsonPath: '.status.counts.loaded', priority: 1 },
    { name: 'Proven', type: 'integer', jsonPath: '.status.counts.proven' },
    { name: 'Reload', type: 'string', jsonPath: '.spec.reload.type', priority: 1 },
    { name: 'Title', type: 'string', jsonPath: '.spec.title', priority: 1 },
    statusColumn,
    ageColumn,
  ],
  selectableFields: ['spec.site', 'spec.driver', 'spec.gatewayRef.name'],
  indexes: {
    secret: secretTerms,
    certificate: certificateTerms,
    keystore: ({ metadata, spec }) => refTerms(metadata, ...(spec.presents ?? []).map((one) => one.keystoreRef)),
    truststore: ({ metadata, spec }) => refTerms(metadata, ...(spec.trusts ?? []).map((one) => one.truststoreRef)),
    trustBundle: ({ metadata, spec }) => refTerms(metadata, ...(spec.trusts ?? []).map((one) => one.trustBundleRef)),
    workload: ({ metadata, spec }) => [
      ...new Set((spec.connectsTo ?? []).map(({ workload }) => workloadTerm(workload, metadata.namespace))),
    ],
    gateway: ({ metadata, spec }) => refTerms(metadata, spec.gatewayRef),
    agent: ({ spec }) => [...new Set((spec.instances ?? []).flatMap(({ agent }) => agent ?? []))],
  },
  validate: (next, previous, context) => validateWorkload(next, previous, context),
  warnings: (next) => warnOfWorkload(next),
});
