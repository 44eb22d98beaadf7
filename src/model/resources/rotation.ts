import Type from 'typebox';
import type { Static } from 'typebox';
import { ageColumn, chancery, defineKind, readyColumn, statusColumn } from './define-kind.ts';
import { envelope } from './fields/envelope.ts';
import { flag, int32, int64, listMap, oneOf, text, time } from './fields/field.ts';
import { rotationStatusSchema } from './fields/rotation-status.ts';
import { objectRef } from './fields/tls-references.ts';
import { refTerms } from './index-terms.ts';
import { validateRotation, warnOfRotation } from './validation/rotation.ts';

const description = 'The replacement of one CA by another, in stages that wait for proof.';

const attestation = Type.Object({
  consumer: text('The external Workload, as `ns/name`, or whoever else trusts the CA, by name.'),
  by: text('Who vouches for it.'),
  reason: Type.Optional(text('What the word rests on.')),
  until: time('How long that counts.'),
  generation: Type.Optional(
    int64('The `status.generation` about which it was given; beforehand when left out, and then about trust only.'),
  ),
  waived: Type.Optional(flag('Nobody knows whether it is ready, and it shall not be waited for.')),
});

const rotationSchema = envelope(description, {
  spec: Type.Object(
    {
      certificateRef: Type.Optional(objectRef('The CA, as a Certificate.')),
      secretRef: Type.Optional(
        objectRef('The CA, as a Secret with `tls.crt` and `tls.key` that somebody brought along.'),
      ),
      nextSecretRef: Type.Optional(
        objectRef('A Secret with the CA that shall follow; one is made when left out. Only together with `secretRef`.'),
      ),
      reason: Type.Optional(text('Why, for people.')),
      emergency: Type.Optional(
        flag('The CA is compromised: distrust it first. What has not been given a new certificate by then fails.'),
      ),
      key: Type.Optional(oneOf(['new', 'same'], 'Whether the next CA gets a key of its own; new is the default.')),
      subject: Type.Optional(oneOf(['same', 'new'], 'Whether the next CA keeps the name; same is the default.')),
      crossSign: Type.Optional(flag('The old and the next CA also sign each other.')),
      spreadSeconds: Type.Optional(
        int32('Over how long the certificates beneath it are issued anew; 0, at once, is the default.', {
          minimum: 0,
          maximum: 30 * 24 * 3600,
        }),
      ),
      maxUnproven: Type.Optional(
        int32('How many of them may at any time be issued anew and not yet proven.', { minimum: 1, maximum: 100_000 }),
      ),
      restartWindowSeconds: Type.Optional(
        int32('Within how long all sites must be restarted where servers must be; 300 is the default.', {
          minimum: 1,
          maximum: 7 * 24 * 3600,
        }),
      ),
      paused: Type.Optional(flag('Stay in this stage.')),
      rollback: Type.Optional(flag('Go back, in stages; possible until the old CA is distrusted.')),
      attestations: Type.Optional(
        listMap(attestation, ['consumer'], 'Who vouches for what cannot be proven from here.'),
      ),
    },
    { description: 'Which CA, and how: exactly one of `certificateRef` and `secretRef`.' },
  ),
  status: Type.Optional(rotationStatusSchema),
});

/** chancery.dev/v1 Rotation. */
export type Rotation = Static<typeof rotationSchema>;
export type RotationSpec = Rotation['spec'];
export type RotationAttestation = Static<typeof attestation>;

const isRunning = ({ status }: Rotation): boolean => status?.completedTime === undefined;

/**
 * Indexes: `certificate`, `secret` (`ns/name` of the CA), `running` (`ns/name` of itself, until it is over).
 */
export const rotationKind = defineKind<Rotation>({
  ...chancery,
  kind: 'Rotation',
  plural: 'rotations',
  singular: 'rotation',
  shortNames: ['rot'],
  description,
  schema: rotationSchema,
  printerColumns: [
    { name: 'Stage', type: 'string', jsonPath: '.status.stage' },
    { name: 'Result', type: 'string', jsonPath: '.status.result' },
    { name: 'CA', type: 'string', jsonPath: '.status.old.subject', priority: 1 },
    { name: 'Leaves', type: 'integer', jsonPath: '.status.leaves.total', description: 'Certificates beneath the CA.' },
    { name: 'Issued', type: 'integer', jsonPath: '.status.leaves.issued', description: 'Of those, issued anew.' },
    { name: 'Proven', type: 'integer', jsonPath: '.status.leaves.proven', description: 'Of those, proven.' },
    { name: 'Failed', type: 'integer', jsonPath: '.status.handshakes.failed', description: 'Handshakes that failed.' },
    { name: 'Paused', type: 'boolean', jsonPath: '.spec.paused', priority: 1 },
    { name: 'Since', type: 'date', jsonPath: '.status.stageSince', priority: 1 },
    { ...readyColumn, priority: 1 },
    statusColumn,
    ageColumn,
  ],
  selectableFields: ['spec.certificateRef.name', 'spec.secretRef.name'],
  indexes: {
    certificate: ({ metadata, spec }) => refTerms(metadata, spec.certificateRef),
    secret: ({ metadata, spec }) => refTerms(metadata, spec.secretRef, spec.nextSecretRef),
    running: (rotation) => (isRunning(rotation) ? refTerms(rotation.metadata, rotation.metadata) : []),
  },
  validate: (next, previous, context) => validateRotation(next, previous, context),
  warnings: (next, { now }) => warnOfRotation(next, now),
});
