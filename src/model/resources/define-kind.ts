import type { KubeObject } from '#model/objects';
import type { Kind } from './kind.ts';

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

export const ageColumn = {
  name: 'Age',
  type: 'date',
  jsonPath: '.metadata.creationTimestamp',
  description: 'Time since the object was created.',
} as const;
