import Type from 'typebox';
import { atomic, text } from './field.ts';

const namespace = Type.Optional(
  text('Namespace of what is named; the own one when left out. Only objects of chancery-system may name another.'),
);

/** An object named by another. */
export const objectRef = (description: string) =>
  Type.Object({ name: text('Name of the object.'), namespace }, { ...atomic, description });

/** A profile named by another object; the profiles of chancery-system are everybody's. */
export const profileRef = (description: string) =>
  Type.Object(
    {
      name: text('Name of the profile.'),
      namespace: Type.Optional(text('Namespace of the profile: the own one (the default), or chancery-system.')),
    },
    { ...atomic, description },
  );

/** A Secret with a file in it. */
export const secretFileRef = (description: string) =>
  Type.Object(
    {
      name: text('Name of the Secret.'),
      key: Type.Optional(text('Key of the file within the Secret; found by the type of the Secret when left out.')),
      namespace,
    },
    { ...atomic, description },
  );

/** A Secret with a password in it. */
export const passwordRef = (description: string) =>
  Type.Object(
    {
      name: text('Name of the Secret.'),
      key: Type.Optional(text('Key of the password within the Secret; `password` when left out.')),
      namespace,
    },
    { ...atomic, description },
  );

/** Names an object; without a namespace, one in the namespace of the object that names it. */
export interface ObjectRef {
  readonly name: string;
  readonly namespace?: string | undefined;
}

/** A Secret, and which key of it. */
export interface SecretFileRef extends ObjectRef {
  readonly key?: string | undefined;
}
