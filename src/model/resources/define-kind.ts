import type { KubeObject } from '#model/objects';
import type { Kind } from './kind.ts';
import { guardDefaults } from './validation/default-objects.ts';

type Defaulted =
  | 'shortNames'
  | 'categories'
  | 'namespaced'
  | 'selectableFields'
  | 'hasStatus'
  | 'strategicMerge'
  | 'confidential'
  | 'hasGeneration'
  | 'indexes';

/** A kind from what is particular about it. The defaults are those of a namespaced custom resource with status. */
export function defineKind<T extends KubeObject>(
  definition: Omit<Kind<T>, Defaulted> & Partial<Pick<Kind<T>, Defaulted>>,
): Kind<T> {
  return {
    shortNames: [],
    categories: [],
    namespaced: true,
    selectableFields: [],
    hasStatus: true,
    strategicMerge: false,
    confidential: false,
    hasGeneration: true,
    indexes: {},
    ...definition,
  };
}

/** What the kinds of the core group share: no generation, strategic merge patches. */
export const core = {
  group: '',
  version: 'v1',
  hasStatus: false,
  hasGeneration: false,
  strategicMerge: true,
} as const;

/** What the cert-manager kinds share. */
export const certManager = { group: 'cert-manager.io', version: 'v1', hasStatus: true } as const;

/** What the kinds of TLS profiles, stores and gateways share; `kubectl get tls` lists them all. */
export const chancery = {
  group: 'chancery.dev',
  version: 'v1',
  hasStatus: true,
  categories: ['tls'],
  guard: guardDefaults,
} as const;

export const readyColumn = {
  name: 'Ready',
  type: 'string',
  jsonPath: '.status.conditions[?(@.type=="Ready")].status',
} as const;

/** Why it is ready or not. */
export const statusColumn = {
  name: 'Status',
  type: 'string',
  jsonPath: '.status.conditions[?(@.type=="Ready")].message',
  priority: 1,
} as const;

export const ageColumn = {
  name: 'Age',
  type: 'date',
  jsonPath: '.metadata.creationTimestamp',
  description: 'Time since the object was created.',
} as const;
