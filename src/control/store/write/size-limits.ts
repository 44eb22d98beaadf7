import { CodedError } from '#errors';
import type { Kind } from '#model/resources';

/** etcd's default request limit. The same here, or objects could not move between stores. Bytes of JSON. */
export const objectLimitBytes = 1_572_864;

/** Fails with too-large when an object of that many bytes may not be stored. */
export function checkObjectSize(kind: Kind, name: string, bytes: number): void {
  if (bytes <= objectLimitBytes) return;
  throw new CodedError(
    'too-large',
    `${kind.kind} ${JSON.stringify(name)} has ${bytes} bytes, ${objectLimitBytes} are allowed`,
    {
      hint: 'Split the object, or leave out what it does not need.',
    },
  );
}
