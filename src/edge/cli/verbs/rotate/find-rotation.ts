import type { ApiClient } from '#edge/api';
import { CodedError } from '#errors';
import { rotationKind, type Rotation } from '#model/resources';
import { nameText, type Named } from './authority-name.ts';

/** The Rotations of a CA, the latest first. */
export async function rotationsOf(client: ApiClient, namespace: string, named: Named): Promise<Rotation[]> {
  if (named.kind === 'rotation') return [await client.get<Rotation>(rotationKind, named.name, namespace)];
  const fieldSelector = `spec.${named.kind}Ref.name=${named.name}`;
  const found = await Array.fromAsync(client.each<Rotation>(rotationKind, { namespace, fieldSelector }));
  return found.toSorted((a, b) => beginOf(b).localeCompare(beginOf(a)));
}

const beginOf = ({ metadata }: Rotation): string => `${metadata.creationTimestamp} ${metadata.name}`;

export const isOver = ({ status }: Rotation): boolean => status?.completedTime !== undefined;

/** The Rotation that is meant: the running one, else the latest. Fails with not-found. */
export async function findRotation(client: ApiClient, namespace: string, named: Named): Promise<Rotation> {
  const rotations = await rotationsOf(client, namespace, named);
  const found = rotations.find((one) => !isOver(one)) ?? rotations[0];
  if (found !== undefined) return found;
  throw new CodedError('not-found', `no Rotation of ${nameText(named)} in namespace ${namespace}`, {
    hint: `Begin one with 'chancery rotate ${named.kind === 'secret' ? 'secret/' : ''}${named.name}'.`,
  });
}

/** A name for the next Rotation of `authority`: `my-ca-1`, `my-ca-2`, ... */
export function nextName(authority: string, rotations: readonly Rotation[]): string {
  const stem = authority.slice(0, longestStem);
  const taken = new Set(rotations.map(({ metadata }) => metadata.name));
  let number = rotations.length + 1;
  while (taken.has(`${stem}-${number}`)) number += 1;
  return `${stem}-${number}`;
}

const longestStem = 240;
