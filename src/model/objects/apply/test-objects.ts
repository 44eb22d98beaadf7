import { compileFieldSchema } from '../fields/field-schema.ts';
import type { Draft, KubeObject, ManagedFieldsEntry } from '../object.ts';
import { applyServerSide } from './apply-server-side.ts';
import { recordUpdate } from './record-update.ts';
import type { ApplyOutcome } from './requests.ts';

const text = { type: 'string' };
const conditions = {
  type: 'array',
  items: { type: 'object', properties: { type: text, status: text, reason: text } },
  'x-kubernetes-list-type': 'map',
  'x-kubernetes-list-map-keys': ['type'],
};

/** A kind with one of everything that ownership depends on. */
export const schema = compileFieldSchema({
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: {
        secretName: text,
        issuerRef: { type: 'object', properties: { name: text, kind: text }, 'x-kubernetes-map-type': 'atomic' },
        dnsNames: { type: 'array', items: text },
        usages: { type: 'array', items: text, 'x-kubernetes-list-type': 'set' },
      },
    },
    status: { type: 'object', properties: { revision: { type: 'integer' }, conditions } },
  },
});

const apiVersion = 'test.io/v1';

/** Content of a test object beside its envelope. */
export interface Content {
  readonly labels?: Record<string, string>;
  readonly annotations?: Record<string, string>;
  readonly finalizers?: string[];
  readonly managedFields?: ManagedFieldsEntry[];
  readonly spec?: object;
  readonly status?: object;
}

export function draft({ spec, status, ...metadata }: Content): Draft {
  const parts = { ...(spec && { spec }), ...(status && { status }) };
  return { apiVersion, kind: 'Test', metadata: { name: 'x', namespace: 'ns', ...metadata }, ...parts };
}

/** A write's second: minutes after midnight. */
export function at(minute: number): Date {
  return new Date(Date.UTC(2026, 0, 1, 0, minute));
}

interface By {
  readonly manager: string;
  readonly minute?: number;
  readonly force?: boolean;
  readonly subresource?: 'status';
  readonly ignore?: readonly string[];
}

export function apply(live: KubeObject | undefined, content: Content, by: By): ApplyOutcome {
  const { minute = 0, force = false, ...rest } = by;
  return applyServerSide({ live, applied: draft(content), apiVersion, schema, now: at(minute), force, ...rest });
}

/** Applies, and fails when there are conflicts. */
export function applied(live: KubeObject | undefined, content: Content, by: By): KubeObject {
  const outcome = apply(live, content, by);
  if (outcome.object === undefined) throw new Error(JSON.stringify(outcome.conflicts));
  return outcome.object as KubeObject;
}

export function updated(live: KubeObject | undefined, next: Draft, by: By): KubeObject {
  const { minute = 0, ...rest } = by;
  const managedFields = recordUpdate({ live, next, apiVersion, schema, now: at(minute), ...rest });
  const { managedFields: _sent, ...metadata } = next.metadata;
  return { ...next, metadata: { ...metadata, ...(managedFields && { managedFields }) } } as KubeObject;
}

/** Owner -> fields, for short comparisons. */
export function ownersOf(object: KubeObject): Record<string, unknown> {
  const entries = object.metadata.managedFields ?? [];
  return Object.fromEntries(
    entries.map((entry) => [
      [entry.manager, entry.operation, entry.subresource].filter((part) => part !== undefined).join('/'),
      entry.fieldsV1,
    ]),
  );
}
