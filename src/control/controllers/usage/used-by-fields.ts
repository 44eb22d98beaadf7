import type { KubeObject } from '#model/objects';
import { termOf } from './direct-users.ts';

const mostListed = 100;

/** The fields of a status that tell who uses an object. */
export function usedByFields(users: readonly KubeObject[]): { usedBy: string[]; usedByCount: number } {
  return { usedBy: users.slice(0, mostListed).map(termOf), usedByCount: users.length };
}
