import Type from 'typebox';
import type { Static, TArrayOptions, TNumberOptions, TSchema, TStringOptions } from 'typebox';
import type { Json } from '#model/objects';

/** A string field. */
export const text = (description: string, options: TStringOptions = {}) => Type.String({ ...options, description });

/** A text in a list or map, which the description of that list or map speaks of. */
export const anyText = Type.String();

/** A point in time, RFC 3339. */
export const time = (description: string) => text(description, { format: 'date-time' });

/** Bytes as standard base64. */
export const bytes = (description: string) => text(description, { format: 'byte' });

export const flag = (description: string) => Type.Boolean({ description });

/** A 32-bit integer. The bounds are spelled out because a format alone is not checked by every client. */
export const int32 = (description: string, options: TNumberOptions = {}) =>
  Type.Integer({ format: 'int32', minimum: -(2 ** 31), maximum: 2 ** 31 - 1, ...options, description });

export const integer = (description: string) => Type.Integer({ description });

export const int64 = (description: string, options: TNumberOptions = {}) =>
  Type.Integer({ format: 'int64', ...options, description });

/** A string that must be one of `values`. */
export const oneOf = <const V extends string[]>(values: readonly [...V], description: string) =>
  Type.Enum([...values], { type: 'string', description });

/** A list that is replaced as a whole. */
export const list = <T extends TSchema>(items: T, description: string, options: TArrayOptions = {}) =>
  Type.Array(items, { 'x-kubernetes-list-type': 'atomic', ...options, description });

/** A list without duplicates, merged by value. */
export const set = <T extends TSchema>(items: T, description: string) =>
  Type.Array(items, { 'x-kubernetes-list-type': 'set', description });

/** A list merged item by item; items are told apart by the fields `keys`. */
export const listMap = <T extends TSchema>(items: T, keys: readonly string[], description: string) =>
  Type.Array(items, { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': [...keys], description });

/** A map with free keys. Spelled as Kubernetes wants it (`additionalProperties`), which Type.Record is not. */
export const mapOf = <T extends TSchema>(values: T, description: string) =>
  Type.Unsafe<Record<string, Static<T>>>({ type: 'object', additionalProperties: values, description });

/** An object whose fields are kept as they come. */
export const openObject = (description: string) =>
  Type.Unsafe<{ [key: string]: Json | undefined }>({
    type: 'object',
    'x-kubernetes-preserve-unknown-fields': true,
    description,
  });

/** An object that can be replaced as a whole only, such as a reference. */
export const atomic = { 'x-kubernetes-map-type': 'atomic' } as const;
