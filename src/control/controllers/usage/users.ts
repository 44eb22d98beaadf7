import type { KubeObject } from '#model/objects';
import type { TLSClientProfile } from '#model/resources';
import { directUsers, termOf, type Reading } from './direct-users.ts';
import { hostProfileUsers } from './host-profile-users.ts';

/** Who uses an object, by naming it or by being called with it; each once. */
export async function usersOf(reading: Reading, object: KubeObject): Promise<KubeObject[]> {
  const naming = await directUsers(reading, object);
  if (object.kind !== 'TLSClientProfile') return naming;
  const called = await hostProfileUsers(reading, object as TLSClientProfile);
  return [...new Map([...naming, ...called].map((user) => [termOf(user), user])).values()];
}
