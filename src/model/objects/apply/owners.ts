import { CodedError } from '#errors';
import type { ManagedFieldsEntry } from '../object.ts';
import { emptySet, union, type FieldSet } from '../fields/field-set.ts';

/** One manager's claim, decoded. Entries of the same manager, operation, version and subresource are one owner. */
export interface Owner {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly subresource: string | undefined;
  readonly time: string | undefined;
  readonly fields: FieldSet;
}

/** Claims by identity. Never changed in place. */
export type Owners = ReadonlyMap<string, Owner>;

/**
 * What tells owners apart. An applier keeps its identity across versions of the kind, an updater has one for each; it
 * sorts as Kubernetes' own identifier does.
 */
export function ownerId(owner: Omit<Owner, 'time' | 'fields'>): string {
  const version = owner.operation === 'Apply' ? '' : owner.apiVersion;
  return [owner.manager, owner.operation, version, owner.subresource ?? ''].join('\n');
}

/** Decodes stored entries. Those of other versions of the kind are dropped. Fails with bad-request on malformed ones. */
export function readOwners(entries: readonly ManagedFieldsEntry[] | undefined, apiVersion: string): Owners {
  const owners = new Map<string, Owner>();
  entries?.forEach((entry, index) => {
    const owner = readOwner(entry, index);
    if (owner.apiVersion === apiVersion) owners.set(ownerId(owner), owner);
  });
  return owners;
}

function readOwner(entry: ManagedFieldsEntry, index: number): Owner {
  if (typeof entry !== 'object' || entry === null) throw bad(index, 'an entry must be an object');
  const { manager = '', operation, apiVersion = '', fieldsType, fieldsV1, subresource = '' } = entry;
  if (operation !== 'Apply' && operation !== 'Update') throw bad(index, 'operation must be `Apply` or `Update`');
  if (apiVersion === '') throw bad(index, 'apiVersion must not be empty');
  if (fieldsType !== 'FieldsV1') throw bad(index, `invalid fieldsType ${JSON.stringify(fieldsType ?? '')}`);
  if (![manager, apiVersion, subresource].every(isText)) throw bad(index, 'names must be texts');
  return {
    manager,
    operation,
    apiVersion,
    subresource: subresource === '' ? undefined : subresource,
    time: entry.time,
    fields: (fieldsV1 ?? emptySet) as FieldSet,
  };
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function bad(index: number, problem: string): CodedError {
  return new CodedError('bad-request', `metadata.managedFields[${index}]: ${problem}`, {
    field: `metadata.managedFields[${index}]`,
    hint: 'Leave managedFields out; the server keeps them.',
  });
}

/** The entries to store, in Kubernetes' order: appliers first, then by time, then by name. */
export function writeOwners(owners: Owners): ManagedFieldsEntry[] {
  return [...owners.values()].toSorted(compareOwners).map(writeOwner);
}

function writeOwner(owner: Owner): ManagedFieldsEntry {
  const { manager, operation, apiVersion, time, fields, subresource } = owner;
  return {
    manager,
    operation,
    apiVersion,
    ...(time === undefined ? {} : { time }),
    fieldsType: 'FieldsV1',
    fieldsV1: fields,
    ...(subresource === undefined ? {} : { subresource }),
  };
}

function compareOwners(a: Owner, b: Owner): number {
  return (
    compareTexts(a.operation, b.operation) ||
    secondsOf(a) - secondsOf(b) ||
    compareTexts(a.manager, b.manager) ||
    compareTexts(a.apiVersion, b.apiVersion) ||
    compareTexts(a.subresource ?? '', b.subresource ?? '')
  );
}

/** Unix time of the claim; 0 when it has none. */
export function secondsOf(owner: Owner): number {
  const time = owner.time === undefined ? 0 : Date.parse(owner.time);
  return Number.isNaN(time) ? 0 : Math.trunc(time / 1000);
}

export function compareTexts(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** `owners` with the claim of `owner` in place, joined to what that owner has already. */
export function withClaim(owners: Owners, owner: Owner): Owners {
  const id = ownerId(owner);
  const before = owners.get(id);
  const fields = before === undefined ? owner.fields : union(before.fields, owner.fields);
  return new Map(owners).set(id, { ...owner, fields });
}
