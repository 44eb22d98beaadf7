import { deepEqual } from '#model/objects';
import type { KubeObject } from '#model/objects';
import { chanceryKeys } from '../annotations.ts';
import type { AdmissionContext } from '../kind.ts';
import { controllersUsername } from '../system.ts';

type WithSpec = KubeObject & { readonly spec?: unknown };

/** Whether the object was made at installation. */
const isDefault = (object: KubeObject | undefined): boolean =>
  object?.metadata.labels?.[chanceryKeys.isDefault] === 'true';

/**
 * What is made at installation stays as it is: others rely on it under its name, and the next start would bring it back.
 * Labels and annotations of others are free.
 */
export function guardDefaults(
  next: KubeObject | undefined,
  previous: KubeObject | undefined,
  { user, subresource }: AdmissionContext,
): string | undefined {
  if (user.username === controllersUsername || subresource !== undefined) return undefined;
  if (isDefault(next) !== isDefault(previous) && next !== undefined) {
    return `the label ${chanceryKeys.isDefault}=true marks what was made at installation, and only that`;
  }
  if (!isDefault(previous)) return undefined;
  if (next === undefined) return `it was made at installation and cannot be deleted`;
  if (deepEqual((next as WithSpec).spec, (previous as WithSpec).spec)) return undefined;
  return `it was made at installation and cannot be edited; make your own ${next.kind} and use that instead`;
}
