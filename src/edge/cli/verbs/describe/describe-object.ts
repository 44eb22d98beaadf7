import type { Json, KubeObject } from '#model/objects';
import { alignTabs } from '../../text/tabs.ts';
import { describeEvents, type EventObject } from './describe-events.ts';
import { describeFields } from './describe-fields.ts';

type Fields = { readonly [key: string]: Json | undefined };

/** An object in words, as kubectl describes it. Values of a Secret are shown as sizes. */
export function describeObject(object: KubeObject, events: readonly EventObject[], now: Date): string {
  const fields = object as unknown as Fields;
  const head = describeHead(object);
  switch (object.kind) {
    case 'Secret':
      return alignTabs([...head, ...describeSecret(fields)]);
    case 'ConfigMap':
      return alignTabs([...head, ...describeConfigMap(fields), ...describeEvents(events, now)]);
    case 'Namespace':
      return alignTabs([...head, `Status:\t${phaseOf(fields)}`]);
    default:
      return alignTabs([...head, ...describeFields(fields), ...describeEvents(events, now)]);
  }
}

function describeHead({ kind, metadata }: KubeObject): string[] {
  return [
    `Name:\t${metadata.name}`,
    ...(metadata.namespace === undefined
      ? kind === 'Namespace'
        ? []
        : ['Namespace:\t']
      : [`Namespace:\t${metadata.namespace}`]),
    ...describePairs('Labels', metadata.labels, '='),
    ...describePairs('Annotations', metadata.annotations, ': '),
  ];
}

const longestValue = 140;

function describePairs(title: string, pairs: Readonly<Record<string, string>> = {}, between: string): string[] {
  const lines = Object.keys(pairs)
    .toSorted()
    .map((key) => `${key}${between}${shorten(pairs[key]!)}`);
  if (lines.length === 0) return [`${title}:\t<none>`];
  return lines.map((line, index) => `${index === 0 ? `${title}:` : ''}\t${line}`);
}

function shorten(value: string): string {
  const line = value.trim().replaceAll(/[\n\t]/g, ' ');
  return line.length > longestValue ? `${line.slice(0, longestValue)}...` : line;
}

function phaseOf(namespace: Fields): string {
  return (namespace['status'] as { phase?: string } | undefined)?.phase ?? '';
}

function describeSecret(secret: Fields): string[] {
  const type = secret['type'] as string;
  return ['', `Type:\t${type}`, '', 'Data', '====', ...sizesOf(secret['data'], '\t')];
}

function sizesOf(data: Json | undefined, between: string): string[] {
  const values = (data ?? {}) as Record<string, string>;
  return Object.keys(values)
    .toSorted()
    .map((key) => `${key}:${between}${Buffer.from(values[key]!, 'base64').length} bytes`);
}

function describeConfigMap(map: Fields): string[] {
  const data = (map['data'] ?? {}) as Record<string, string>;
  const texts = Object.keys(data)
    .toSorted()
    .flatMap((key) => [`${key}:`, '----'].concat(linesOf(data[key]!), ''));
  return ['', 'Data', '====', ...texts, '', 'BinaryData', '====', ...sizesOf(map['binaryData'], ' '), ''];
}

/** A tab would start a column. */
function linesOf(text: string): string[] {
  return text.replaceAll('\t', '    ').split('\n');
}
