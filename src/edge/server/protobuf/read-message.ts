import type protobuf from 'protobufjs';
import type { Json } from '#model/objects';
import { scanJSON } from '../bodies/json-scan.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * A decoded message as JSON, the way Go's JSON encoding would show it: 64-bit integers as numbers, bytes in base64, times
 * in RFC 3339, empty strings left out except in maps and lists.
 */
export function readMessage(type: protobuf.Type, message: object): Json {
  const special = specialMessages[type.name];
  if (special !== undefined) return special(message as Fields);
  const fields = message as Fields;
  const value: { [name: string]: Json } = {};
  for (const field of type.fieldsArray) {
    if (!Object.hasOwn(message, field.name)) continue;
    const read = readField(field, fields[field.name]);
    if (read !== undefined && read !== '') value[field.name] = read;
  }
  return value;
}

function readField(field: protobuf.Field, value: unknown): Json | undefined {
  if (field.map) return readMap(field, value as Fields);
  if (!field.repeated) return readScalar(field, value);
  const items = (value as readonly unknown[]).map((item) => readScalar(field, item) ?? null);
  return items.length === 0 ? undefined : items;
}

function readMap(field: protobuf.Field, value: Fields): Json | undefined {
  const entries = Object.entries(value).map(([key, item]): [string, Json] => [key, readScalar(field, item) ?? null]);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function readScalar(field: protobuf.Field, value: unknown): Json | undefined {
  if (field.resolvedType !== null) return readMessage(field.resolvedType as protobuf.Type, value as object);
  if (field.type === 'bytes') return Buffer.from(value as Uint8Array).toString('base64');
  if (field.type === 'int64') return toNumber(value);
  return value as Json;
}

function toNumber(value: unknown): number {
  return Number(String(value));
}

const specialMessages: Readonly<Record<string, (fields: Fields) => Json>> = {
  Time: (fields) => readTime(fields, 0),
  MicroTime: (fields) => readTime(fields, 6),
  FieldsV1: (fields) => readFieldsV1(Buffer.from((fields['Raw'] ?? '{}') as Uint8Array)),
};

const fieldsV1Nesting = 100;

function readFieldsV1(bytes: Buffer): Json {
  scanJSON(bytes, fieldsV1Nesting);
  return JSON.parse(bytes.toString('utf8')) as Json;
}

// Go encodes its zero time as an empty message.
function readTime(fields: Fields, decimals: number): Json {
  if (!Object.hasOwn(fields, 'seconds') && !Object.hasOwn(fields, 'nanos')) return null;
  const date = new Date(toNumber(fields['seconds'] ?? 0) * 1000);
  const seconds = date.toISOString().slice(0, 19);
  if (decimals === 0) return `${seconds}Z`;
  return `${seconds}.${String(Number(fields['nanos'] ?? 0))
    .padStart(9, '0')
    .slice(0, decimals)}Z`;
}
