/** Enough of a kind to find it in the API. */
export interface ResourceAddress {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly namespaced: boolean;
}

/** A collection of objects, one of them, or a part of one. */
export interface ResourcePath {
  readonly at: 'resource';
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly subresource?: string;
}

/** What a path below `/api` and `/apis` names; everything else is `other`. */
export type ApiPath =
  | ResourcePath
  | { readonly at: 'core-versions' }
  | { readonly at: 'groups' }
  | { readonly at: 'group'; readonly group: string }
  | { readonly at: 'group-version'; readonly group: string; readonly version: string }
  | { readonly at: 'other' };

const other: ApiPath = { at: 'other' };

/** `certificates.cert-manager.io`, `secrets`. */
export function qualifiedPlural(resource: { readonly group: string; readonly plural: string }): string {
  return resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`;
}

/** Path of a collection; without a namespace, of all namespaces. */
export function collectionPath(resource: ResourceAddress, namespace?: string): string {
  const root = resource.group === '' ? `/api/${resource.version}` : `/apis/${resource.group}/${resource.version}`;
  const scope = resource.namespaced && namespace ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return `${root}${scope}/${resource.plural}`;
}

/** Path of one object, or of its subresource. */
export function objectPath(
  resource: ResourceAddress,
  namespace: string | undefined,
  name: string,
  subresource?: string,
): string {
  const path = `${collectionPath(resource, namespace)}/${encodeURIComponent(name)}`;
  return subresource === undefined ? path : `${path}/${subresource}`;
}

/** Reads the path of a request (no query, still percent-encoded). Never throws: what cannot be one is `other`. */
export function parsePath(path: string): ApiPath {
  const segments = splitPath(path);
  if (segments === undefined) return other;
  const [root, ...rest] = segments;
  if (root === 'api') return rest.length === 0 ? { at: 'core-versions' } : parseVersioned('', rest);
  if (root !== 'apis') return other;
  const [group, ...below] = rest;
  if (group === undefined) return { at: 'groups' };
  return below.length === 0 ? { at: 'group', group } : parseVersioned(group, below);
}

function splitPath(path: string): string[] | undefined {
  try {
    const segments = path.replace(/\/$/, '').split('/').slice(1).map(decodeURIComponent);
    return segments.every(isPlainSegment) ? segments : undefined;
  } catch {
    return undefined;
  }
}

// A decoded slash or dot segment would name another place than the one that was authorized.
function isPlainSegment(segment: string): boolean {
  return segment !== '' && segment !== '.' && segment !== '..' && !/[/%\0]/.test(segment);
}

const namespaceSubresources = new Set(['status', 'finalize']);

function parseVersioned(group: string, segments: readonly string[]): ApiPath {
  const [version, ...rest] = segments;
  if (version === undefined) return other;
  if (rest.length === 0) return { at: 'group-version', group, version };
  const [first, namespace, third] = rest;
  const isScope = first === 'namespaces' && third !== undefined && !(group === '' && namespaceSubresources.has(third));
  return isScope ? parseResource(group, version, rest.slice(2), namespace) : parseResource(group, version, rest);
}

function parseResource(group: string, version: string, segments: readonly string[], namespace?: string): ApiPath {
  const [plural, name, subresource] = segments;
  if (plural === undefined || segments.length > 3) return other;
  return {
    at: 'resource',
    group,
    version,
    plural,
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
    ...(subresource === undefined ? {} : { subresource }),
  };
}
