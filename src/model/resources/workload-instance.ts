import Type from 'typebox';
import type { Static } from 'typebox';
import { ageColumn, chancery, defineKind } from './define-kind.ts';
import { envelope } from './fields/envelope.ts';
import { flag, integer, text, time } from './fields/field.ts';
import { materialReports } from './fields/material-report.ts';
import { objectRef } from './fields/tls-references.ts';
import { refTerms } from './index-terms.ts';
import { validateWorkloadInstance } from './validation/workload-instance.ts';

const description =
  'One server of a Workload, and what it has and has proven. Written by the agent or node that looks after it.';

const workloadInstanceSchema = envelope(description, {
  spec: Type.Object(
    {
      workloadRef: objectRef('The Workload that it is one of, in the same namespace.'),
      instance: text('Its entry in `spec.instances` of the Workload, or the name by which it joined.'),
    },
    { description: 'Which instance this is; the object is named `<workload>.<instance>`.' },
  ),
  status: Type.Optional(
    Type.Object(
      {
        site: Type.Optional(text('Where it runs.')),
        startedTime: Type.Optional(time('When the server started; what was reported before counts no more.')),
        lastSeenTime: Type.Optional(time('When it last gave a sign of life.')),
        persists: Type.Optional(flag('Whether what it has loaded survives a restart; it does when left out.')),
        counts: Type.Optional(
          Type.Object(
            {
              materials: integer('Certificates and sets of trust that it shall have, as far as it knows.'),
              proven: integer('Those of them that a full handshake has shown.'),
              failing: integer('Those of them with which something is wrong.'),
            },
            { description: 'How far it is.' },
          ),
        ),
        materials: Type.Optional(materialReports),
      },
      { description: 'What it has, as it reports itself.' },
    ),
  ),
});

/** chancery.dev/v1 WorkloadInstance. */
export type WorkloadInstance = Static<typeof workloadInstanceSchema>;
export type InstanceStatus = NonNullable<WorkloadInstance['status']>;

/** What an instance has reported, under the name of its entry. */
export type InstanceReport = InstanceStatus & { readonly name: string };

export const reportIn = ({ spec, status }: WorkloadInstance): InstanceReport => ({ ...status, name: spec.instance });

/** Reports by the names of the instances, which are of one Workload. */
export const reportsIn = (instances: readonly WorkloadInstance[]): Map<string, InstanceReport> =>
  new Map(instances.map((one) => [one.spec.instance, reportIn(one)]));

/**
 * An object for each instance, and not a list in the Workload: one that reports wakes none of the others, and a Workload
 * does not grow with its instances. Index: `workload` (`ns/name` of the Workload).
 */
export const workloadInstanceKind = defineKind<WorkloadInstance>({
  ...chancery,
  kind: 'WorkloadInstance',
  plural: 'workloadinstances',
  singular: 'workloadinstance',
  shortNames: ['wli'],
  description,
  schema: workloadInstanceSchema,
  printerColumns: [
    { name: 'Workload', type: 'string', jsonPath: '.spec.workloadRef.name' },
    { name: 'Instance', type: 'string', jsonPath: '.spec.instance' },
    { name: 'Site', type: 'string', jsonPath: '.status.site' },
    { name: 'Materials', type: 'integer', jsonPath: '.status.counts.materials' },
    { name: 'Proven', type: 'integer', jsonPath: '.status.counts.proven' },
    { name: 'Failing', type: 'integer', jsonPath: '.status.counts.failing' },
    { name: 'Last Seen', type: 'date', jsonPath: '.status.lastSeenTime' },
    { name: 'Started', type: 'date', jsonPath: '.status.startedTime', priority: 1 },
    ageColumn,
  ],
  selectableFields: ['spec.workloadRef.name', 'spec.instance'],
  indexes: { workload: ({ metadata, spec }) => refTerms(metadata, spec.workloadRef) },
  validate: (next, previous) => validateWorkloadInstance(next, previous),
});
