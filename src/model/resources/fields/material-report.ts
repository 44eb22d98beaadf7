import Type from 'typebox';
import type { Static } from 'typebox';
import { flag, int64, list, oneOf, text, time } from './field.ts';

/** What instances of a Workload shall have and have: the parts of its status and of theirs. */

const markFields = {
  fingerprint: Type.Optional(text('SHA-256 of the certificate that is presented.')),
  digest: Type.Optional(text('SHA-256 over the chain that is presented, or over the set that is trusted.')),
  generation: int64('Counts the changes of this material; a report about an earlier one proves nothing.'),
  at: time('Since when.'),
};

/** One level that a material has reached, bound to what it was about. */
const mark = (description: string) => Type.Optional(Type.Object(markFields, { description }));

const namedFields = {
  name: text('The entry of `spec.presents` or `spec.trusts`.'),
  kind: oneOf(['identity', 'trust'], 'Whether it is presented or trusted.'),
};

const wanted = Type.Object({ ...namedFields, ...markFields });

const report = Type.Object({
  ...namedFields,
  desired: mark('What the instance knows that it shall have.'),
  delivered: mark('What lies where the server reads it.'),
  loaded: mark('What the server says that it uses.'),
  persisted: mark('What the server would use after a restart.'),
  proven: mark('What a full handshake has shown.'),
  exclusive: mark('What alone is in use: no older process, no session from before.'),
  code: Type.Optional(text('What is wrong, for programs.')),
  message: Type.Optional(text('What is wrong, for people.')),
});

const asked = (description: string) =>
  Type.Optional(
    Type.Object(
      {
        generation: int64('The `status.generation` of the Rotation.'),
        key: Type.Optional(text('Stands for what it is about; another key is another request.')),
        at: time('When.'),
      },
      { description },
    ),
  );

const orders = Type.Object({
  name: text('The instance.'),
  restart: asked('To restart.'),
  flush: asked('To forget the sessions from before.'),
});

const returning = Type.Object({
  name: text('The instance.'),
  reported: flag('Whether it has reported anything.'),
  lacks: Type.Optional(text('What it must reach before it may serve again; left out when it may.')),
});

// Each list has one writer, who knows all of it: nobody merges into them.
export const wantedMaterials = list(wanted, 'What every instance shall have.');
export const materialReports = list(report, 'What it has of what the Workload presents and trusts.');
export const instanceOrders = list(orders, 'What Rotations have asked of instances last.');
export const quarantinedInstances = list(returning, 'Instances that serve nobody now.');

export type MaterialMark = Pick<Static<typeof wanted>, keyof typeof markFields>;
export type WantedMaterial = Static<typeof wanted>;
export type MaterialReport = Static<typeof report>;
export type InstanceOrders = Static<typeof orders>;
export type QuarantinedInstance = Static<typeof returning>;
