import type { ApiClient } from '#edge/api';
import { isCoded } from '#errors';
import type { KubeObject } from '#model/objects';
import { exitCodes, type ExitCode } from '../../exit-codes.ts';
import { reportFailure } from '../../failure.ts';
import type { CliIO } from '../../io.ts';
import { withAccess, type Access, type AccessOptions } from '../../server/access.ts';
import { apiVersionOf, discoverKinds, findKind, type ServedKind } from '../../server/kinds.ts';
import { namespaceOfNamed, noneFound, parseTargets, type Target } from '../../server/targets.ts';
import type { EventObject } from './describe-events.ts';
import { describeObject } from './describe-object.ts';

export interface DescribeOptions extends AccessOptions {
  readonly selector?: string;
}

/** `chancery describe`: objects in words, and what happened to them. */
export async function describe(io: CliIO, args: readonly string[], options: DescribeOptions): Promise<ExitCode> {
  return withAccess(io, options, async (access) => {
    const kinds = await discoverKinds(access.client);
    const targets = parseTargets(kinds, args);
    let code: ExitCode = exitCodes.done;
    let printed = 0;
    for (const target of targets) {
      for await (const object of select(access, target, options, (error) => (code = reportFailure(io, error)))) {
        const events = await eventsOf(access.client, kinds, object);
        io.out(`${printed++ > 0 ? '\n\n' : ''}${describeObject(object, events, io.now())}`);
      }
    }
    if (printed === 0 && code === exitCodes.done)
      io.err(
        noneFound(
          access.namespace,
          targets.map(({ kind }) => kind),
        ),
      );
    return code;
  });
}

async function* select(
  { client, namespace }: Access,
  { kind, names }: Target,
  { selector }: DescribeOptions,
  onMissing: (error: unknown) => void,
): AsyncGenerator<KubeObject> {
  if (names.length === 0)
    for await (const object of client.each(kind, { namespace, labelSelector: selector })) yield withType(object, kind);
  for (const name of names) {
    try {
      yield withType(await client.get(kind, name, namespaceOfNamed(namespace, kind)), kind);
    } catch (error) {
      if (!isCoded(error, 'not-found')) throw error;
      onMissing(error);
    }
  }
}

/** Items of a list do not say what they are. */
function withType(object: KubeObject, kind: ServedKind): KubeObject {
  return { ...object, apiVersion: apiVersionOf(kind), kind: kind.kind };
}

function eventsOf(
  client: ApiClient,
  kinds: readonly ServedKind[],
  { kind, metadata }: KubeObject,
): Promise<EventObject[]> {
  const fieldSelector = `involvedObject.kind=${kind},involvedObject.name=${metadata.name},involvedObject.uid=${metadata.uid}`;
  const namespace = metadata.namespace ?? 'default';
  return Array.fromAsync(client.each<EventObject>(findKind(kinds, 'events'), { namespace, fieldSelector }));
}
