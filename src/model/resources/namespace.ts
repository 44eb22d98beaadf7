import Type from 'typebox';
import type { Static } from 'typebox';
import type { Draft } from '#model/objects';
import { ageColumn, core, defineKind } from './define-kind.ts';
import { envelope } from './fields/envelope.ts';
import { conditions } from './fields/condition.ts';
import { anyText, oneOf, set } from './fields/field.ts';
import { systemNamespace } from './system.ts';

const description = 'A space of names for the objects of one installation.';

const namespaceSchema = envelope(description, {
  spec: Type.Optional(
    Type.Object(
      { finalizers: Type.Optional(set(anyText, 'What must be done before the namespace may go.')) },
      { description: 'Behaviour of the namespace.' },
    ),
  ),
  status: Type.Optional(
    Type.Object(
      {
        phase: Type.Optional(oneOf(['Active', 'Terminating'], 'Terminating once deletion was asked for.')),
        conditions: Type.Optional(conditions('what holds up a deletion')),
      },
      { description: 'State of the namespace.' },
    ),
  ),
});

/** v1 Namespace. */
export type Namespace = Static<typeof namespaceSchema>;

export const namespaceKind = defineKind<Namespace>({
  ...core,
  kind: 'Namespace',
  plural: 'namespaces',
  singular: 'namespace',
  shortNames: ['ns'],
  namespaced: false,
  hasStatus: true,
  description,
  schema: namespaceSchema,
  printerColumns: [{ name: 'Status', type: 'string', jsonPath: '.status.phase' }, ageColumn],
  selectableFields: ['status.phase'],
  guard: (next, { metadata } = next!) =>
    next === undefined && metadata.name === systemNamespace ? 'this namespace may not be deleted' : undefined,
  admit: (next, previous) => withNameLabel(previous === undefined ? withDefaults(next) : next),
});

function withDefaults(next: Draft<Namespace>): Draft<Namespace> {
  return { ...next, spec: { finalizers: ['kubernetes'], ...next.spec }, status: { phase: 'Active' } };
}

/** Selectors find a namespace by this label, so it cannot be changed or taken away. */
function withNameLabel(next: Draft<Namespace>): Draft<Namespace> {
  const { name, labels } = next.metadata;
  if (name === undefined || labels?.['kubernetes.io/metadata.name'] === name) return next;
  return { ...next, metadata: { ...next.metadata, labels: { ...labels, 'kubernetes.io/metadata.name': name } } };
}
