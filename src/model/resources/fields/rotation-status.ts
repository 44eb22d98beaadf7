import Type from 'typebox';
import type { Static } from 'typebox';
import { conditions } from './condition.ts';
import { anyText, flag, int64, integer, list, listMap, oneOf, text, time } from './field.ts';

/** The parts of a Rotation's status. */

const stages = ['Stable', 'TrustBoth', 'Issue', 'Drain', 'Distrust', 'Flush', 'Rollback', 'Withdraw'] as const;

const stageField = (description: string) => oneOf(stages, description);

const authority = (description: string) =>
  Type.Object(
    {
      fingerprint: text('SHA-256 of its certificate, lower-case hexadecimal.'),
      subject: text('Subject name, RFC 4514.'),
      notAfter: time('End of its validity.'),
      subjectKeyId: Type.Optional(text('Its subject key identifier, lower-case hexadecimal.')),
      secretName: Type.Optional(text('The Secret that holds it, in the namespace of the Rotation.')),
    },
    { description },
  );

const gate = Type.Object({
  name: text('Name of the gate.'),
  open: flag('Whether it lets the rotation pass.'),
  since: Type.Optional(time('Since when it is open, or closed.')),
  evidence: Type.Optional(list(anyText, 'What opened it: probes and attestations, at most 100.')),
});

const obstacle = Type.Object({
  workload: Type.Optional(text('The Workload, as `ns/name`.')),
  instance: Type.Optional(text('Its instance.')),
  material: Type.Optional(text('What it presents or trusts; else what is in the way.')),
  wanted: Type.Optional(text('What it must have reached.')),
  has: Type.Optional(text('What it has reached.')),
  message: text('What is missing, for people.'),
  hint: Type.Optional(text('What can be done about it.')),
});

const passage = Type.Object({
  stage: stageField('The stage that was entered.'),
  generation: int64('The generation with which it was entered.'),
  at: time('When.'),
});

export const rotationStatusSchema = Type.Object(
  {
    observedGeneration: Type.Optional(int64('The `metadata.generation` that this status is about.')),
    conditions: Type.Optional(conditions('Ready, and whether it is blocked or paused')),
    stage: Type.Optional(stageField('Where the rotation is.')),
    generation: Type.Optional(int64('Counts its stages, backward ones too; reports from before count for nothing.')),
    stageSince: Type.Optional(time('Since when it is there.')),
    startedTime: Type.Optional(time('When it began.')),
    completedTime: Type.Optional(time('When it ended.')),
    message: Type.Optional(text('Why it went back, when that was not asked for.')),
    result: Type.Optional(oneOf(['succeeded', 'rolledBack', 'failed'], 'How it ended.')),
    old: Type.Optional(authority('The CA that is replaced.')),
    next: Type.Optional(authority('The CA that replaces it.')),
    leaves: Type.Optional(
      Type.Object(
        {
          total: integer('Certificates that the CA has issued.'),
          issued: integer('Those that the next one has issued anew.'),
          proven: integer('Those of which a handshake has shown it.'),
          undeclared: Type.Optional(
            integer('Those that no Workload presents; nobody waits for who else may use them.'),
          ),
        },
        { description: 'The certificates beneath the CA.' },
      ),
    ),
    gates: Type.Optional(listMap(gate, ['name'], 'What must hold before the next stage.')),
    blocking: Type.Optional(list(obstacle, 'What keeps the gates closed, at most 100.')),
    handshakes: Type.Optional(
      Type.Object(
        { made: integer('Handshakes that probes made.'), failed: integer('Those that failed and must not have.') },
        { description: 'Handshakes since it began.' },
      ),
    ),
    history: Type.Optional(list(passage, 'The stages so far, at most 100.')),
  },
  { description: 'How far it is; written by the controllers.' },
);

export type RotationStatus = Static<typeof rotationStatusSchema>;
export type RotationStage = Static<typeof passage>['stage'];
export type RotationGate = Static<typeof gate>;
export type RotationObstacle = Static<typeof obstacle>;
export type RotationAuthority = NonNullable<RotationStatus['old']>;
