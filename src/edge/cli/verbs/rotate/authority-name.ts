import type { RotationSpec } from '#model/resources';
import { UsageError } from '../../failure.ts';

/** What a user names when a CA is rotated, or a Rotation looked at. */
export interface Named {
  readonly kind: 'certificate' | 'secret' | 'rotation';
  readonly name: string;
}

const kindsOf: Readonly<Record<string, Named['kind']>> = {
  certificate: 'certificate',
  cert: 'certificate',
  secret: 'secret',
  rotation: 'rotation',
  rot: 'rotation',
};

/** `my-ca` and `certificate/my-ca` are a CA Certificate, `secret/my-ca` one that was brought along, `rotation/NAME` itself. */
export function parseNamed(text: string): Named {
  const [first, name, ...rest] = text.split('/');
  if (name === undefined && first !== '') return { kind: 'certificate', name: text };
  const kind = kindsOf[first!.toLowerCase()];
  if (kind !== undefined && name && rest.length === 0) return { kind, name };
  throw new UsageError(`"${text}" names no CA: use NAME, certificate/NAME or secret/NAME`);
}

/** The CA as a Rotation's spec names it. */
export function authorityOf({ kind, name }: Named): Pick<RotationSpec, 'certificateRef' | 'secretRef'> {
  if (kind === 'rotation') throw new UsageError('a Rotation cannot be rotated: name its CA');
  return kind === 'certificate' ? { certificateRef: { name } } : { secretRef: { name } };
}

/** `Certificate "my-ca"`, for people. */
export function nameText({ kind, name }: Named): string {
  return `${kind[0]!.toUpperCase()}${kind.slice(1)} "${name}"`;
}

/** `Certificate "my-ca"`: the CA that a Rotation is of. */
export function authorityOfSpec({ certificateRef, secretRef }: RotationSpec): string {
  if (certificateRef !== undefined) return nameText({ kind: 'certificate', name: certificateRef.name });
  return nameText({ kind: 'secret', name: secretRef?.name ?? '' });
}
