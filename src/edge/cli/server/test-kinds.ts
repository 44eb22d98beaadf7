import type { ServedKind } from './kinds.ts';

/** A kind as discovery would tell it, for tests. */
export function servedKind(group: string, kind: string, plural: string, more: Partial<ServedKind> = {}): ServedKind {
  const singular = kind.toLowerCase();
  return { group, version: 'v1', plural, namespaced: true, kind, singular, shortNames: [], categories: [], ...more };
}

export const certificates = servedKind('cert-manager.io', 'Certificate', 'certificates', {
  shortNames: ['cert', 'certs'],
  categories: ['cert-manager'],
});
export const issuers = servedKind('cert-manager.io', 'Issuer', 'issuers', {
  shortNames: ['iss'],
  categories: ['cert-manager'],
});
export const secrets = servedKind('', 'Secret', 'secrets');
