import type { ApiClient } from '#edge/api';
import type { Json, KubeObject } from '#model/objects';
import { withAccess, type AccessOptions } from '../access.ts';
import { formatColumns } from '../columns.ts';
import { describeFields } from '../describe-text.ts';
import { shortDuration } from '../duration.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import type { CliIO } from '../io.ts';
import { discoverKinds, findKind, parseTargets, type ServedKind } from '../kinds.ts';
import { requireNamespace } from './get.ts';

export interface DescribeOptions extends AccessOptions {
  readonly selector?: string;
}

interface EventObject extends KubeObject {
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly count?: number;
  readonly lastTimestamp?: string;
  readonly firstTimestamp?: string;
  readonly reportingComponent?: string;
  readonly source?: { readonly component?: string };
}

/** `chancery describe`: an object in words, and what happened to it. Secret values are shown as sizes. */
export async function describe(io: CliIO, args: readonly string[], options: DescribeOptions): Promise<ExitCode> {
  return withAccess(io, options, async (access) => {
    const kinds = await discoverKinds(access.client);
    let printed = 0;
    for (const { kind, names } of parseTargets(kinds, args)) {
      for await (const object of select(access, kind, names, options)) {
        if (printed++ > 0) io.out('\n\n');
        const events = await eventsOf(access.client, kinds, object);
        io.out(describeObject(io, { ...object, kind: kind.kind, apiVersion: apiVersionOf(kind) }, events));
      }
    }
    if (printed === 0) io.err('No resources found.\n');
    return exitCodes.done;
  });
}

type Client = { readonly client: ApiClient; readonly namespace: string | undefined };

async function* select(
  access: Client,
  kind: ServedKind,
  names: readonly string[],
  options: DescribeOptions,
): AsyncGenerator<KubeObject> {
  if (names.length === 0) {
    yield* access.client.each(kind, { namespace: access.namespace, labelSelector: options.selector });
    return;
  }
  for (const name of names) yield access.client.get(kind, name, requireNamespace(access, kind));
}

function apiVersionOf({ group, version }: ServedKind): string {
  return group === '' ? version : `${group}/${version}`;
}

async function eventsOf(
  client: ApiClient,
  kinds: readonly ServedKind[],
  { metadata }: KubeObject,
): Promise<EventObject[]> {
  const fieldSelector = `involvedObject.uid=${metadata.uid},involvedObject.name=${metadata.name}`;
  const namespace = metadata.namespace ?? 'default';
  const events = await Array.fromAsync(
    client.each<EventObject>(findKind(kinds, 'events'), { namespace, fieldSelector }),
  );
  return events.toSorted((a, b) => lastSeen(a).localeCompare(lastSeen(b)));
}

function lastSeen({ lastTimestamp, metadata }: EventObject): string {
  return lastTimestamp ?? metadata.creationTimestamp;
}

function describeObject(io: CliIO, object: KubeObject, events: readonly EventObject[]): string {
  const { metadata } = object;
  const head = formatColumns([
    ['Name:', metadata.name],
    ...(metadata.namespace === undefined ? [] : [['Namespace:', metadata.namespace]]),
    ['Labels:', formatPairs(metadata.labels, '=')],
    ['Annotations:', formatPairs(metadata.annotations, ': ')],
    ['Created:', metadata.creationTimestamp],
  ]);
  const fields = object as unknown as { [key: string]: Json | undefined };
  const body = object.kind === 'Secret' ? describeSecret(fields) : describeFields(fields, ['metadata']);
  return `${head}${body}${describeEvents(io, events)}`;
}

const longestValue = 120;

function formatPairs(pairs: Readonly<Record<string, string>> | undefined, between: string): string {
  const lines = Object.entries(pairs ?? {}).map(([key, value]) => `${key}${between}${shorten(value)}`);
  return lines.length === 0 ? '<none>' : lines.join('\n             ');
}

function shorten(value: string): string {
  const line = value.trim().replaceAll('\n', ' ');
  return line.length > longestValue ? `${line.slice(0, longestValue)}...` : line;
}

function describeSecret(secret: { [key: string]: Json | undefined }): string {
  const entries = Object.entries((secret['data'] ?? {}) as Record<string, string>);
  const rows = entries.map(([key, value]) => [`${key}:`, `${Buffer.from(value, 'base64').length} bytes`]);
  return `\nType:  ${String(secret['type'] as string)}\n\nData\n====\n${formatColumns(rows)}`;
}

function describeEvents(io: CliIO, events: readonly EventObject[]): string {
  if (events.length === 0) return 'Events:  <none>\n';
  const rows = events.map((event) => [
    event.type ?? '',
    event.reason ?? '',
    eventAge(io, event),
    event.reportingComponent || (event.source?.component ?? ''),
    event.message ?? '',
  ]);
  return `Events:\n${formatColumns([['Type', 'Reason', 'Age', 'From', 'Message'], ['----', '------', '----', '----', '-------'], ...rows], '  ')}`;
}

function eventAge(io: CliIO, event: EventObject): string {
  const ago = (instant: string): string => shortDuration((io.now().getTime() - Date.parse(instant)) / 1000);
  const last = ago(lastSeen(event));
  if ((event.count ?? 1) <= 1 || event.firstTimestamp === undefined) return last;
  return `${last} (x${event.count} over ${ago(event.firstTimestamp)})`;
}
