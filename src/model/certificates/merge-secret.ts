import type { Json, ManagedFieldsEntry } from '#model/objects';
import type { Secret } from '#model/resources';
import { issuingManager } from './names.ts';
import { unstored } from './request-draft.ts';
import type { SecretConfig } from './secret-config.ts';

/** Keys of the Secret that our manager applied, from the managed fields. */
export interface OwnedKeys {
  readonly data: readonly string[];
  readonly labels: readonly string[];
  readonly annotations: readonly string[];
  readonly ownerUids: readonly string[];
}

const nothing: OwnedKeys = { data: [], labels: [], annotations: [], ownerUids: [] };

/** What our manager owns of a Secret by having applied it. */
export function ownedKeys(secret: Secret | undefined): OwnedKeys {
  const entry = secret?.metadata.managedFields?.find(isOurs);
  if (entry === undefined) return nothing;
  const fields = entry.fieldsV1 ?? {};
  const metadata = child(fields, 'f:metadata');
  return {
    data: names(child(fields, 'f:data')),
    labels: names(child(metadata, 'f:labels')),
    annotations: names(child(metadata, 'f:annotations')),
    ownerUids: Object.keys(child(metadata, 'f:ownerReferences')).flatMap(uidOfKey),
  };
}

/**
 * What the Secret looks like once `config` is applied to it: our keys replaced, those we no longer want removed,
 * everybody else's kept. The store does the same for good; decisions need it beforehand.
 */
export function mergeSecret(
  existing: Secret | undefined,
  config: SecretConfig,
  place: { name: string; namespace?: string },
): Secret {
  const owned = ownedKeys(existing);
  const metadata = existing?.metadata;
  const others = (metadata?.ownerReferences ?? []).filter(({ uid }) => !owned.ownerUids.includes(uid));
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    ...existing,
    metadata: {
      ...unstored,
      ...place,
      ...metadata,
      labels: merged(metadata?.labels, owned.labels, config.labels),
      annotations: merged(metadata?.annotations, owned.annotations, config.annotations),
      ownerReferences: [...others, ...config.ownerReferences],
      managedFields: [...(metadata?.managedFields ?? []).filter((entry) => !isOurs(entry)), entryFor(config)],
    },
    type: config.type,
    data: merged(existing?.data, owned.data, config.data),
  };
}

function merged(
  old: Readonly<Record<string, string>> = {},
  owned: readonly string[],
  wanted: Readonly<Record<string, string>>,
): Record<string, string> {
  const kept = Object.entries(old).filter(([key]) => !owned.includes(key));
  return { ...Object.fromEntries(kept), ...wanted };
}

function isOurs({ manager, operation }: ManagedFieldsEntry): boolean {
  return manager === issuingManager && operation === 'Apply';
}

function entryFor(config: SecretConfig): ManagedFieldsEntry {
  const owners = Object.fromEntries(config.ownerReferences.map(({ uid }) => [`k:${JSON.stringify({ uid })}`, {}]));
  return {
    manager: issuingManager,
    operation: 'Apply',
    fieldsV1: {
      'f:data': fieldSet(config.data),
      'f:metadata': {
        'f:labels': fieldSet(config.labels),
        'f:annotations': fieldSet(config.annotations),
        'f:ownerReferences': owners,
      },
    },
  };
}

function fieldSet(values: Readonly<Record<string, string>>): { [path: string]: Json } {
  return Object.fromEntries(Object.keys(values).map((key) => [`f:${key}`, {}]));
}

function child(fields: { [path: string]: Json | undefined }, name: string): { [path: string]: Json | undefined } {
  const value = fields[name];
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {};
}

function names(fields: { [path: string]: Json | undefined }): string[] {
  return Object.keys(fields).flatMap((path) => (path.startsWith('f:') ? [path.slice(2)] : []));
}

function uidOfKey(path: string): string[] {
  const uid = /^k:\{"uid":"([^"]*)"\}$/.exec(path)?.[1];
  return uid === undefined ? [] : [uid];
}
