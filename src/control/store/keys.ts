import { CodedError } from '#errors';
import type { Kind, KindRegistry } from '#model/resources';

/** Everything that this store writes lies below. */
export const rootPrefix = '/registry/';

type Place = Pick<Kind, 'group' | 'plural'>;

/** The empty group has no name of its own in a path; no real group is called `core`, group names have dots. */
export function kindPrefix(kind: Place): string {
  return `${rootPrefix}${kind.group === '' ? 'core' : kind.group}/${kind.plural}/`;
}

/** Prefix of the keys of a whole kind, or of one namespace of it. */
export function collectionPrefix(kind: Place, namespace: string | undefined): string {
  return namespace === undefined || namespace === '' ? kindPrefix(kind) : `${kindPrefix(kind)}${namespace}/`;
}

/** Key of one object; sorts as bytes the way (namespace, name) does, because both are ASCII without a slash. */
export function objectKey(kind: Kind, namespace: string | undefined, name: string): string {
  if (!isPathSegment(name)) throw new CodedError('bad-request', `invalid name ${JSON.stringify(name)}`);
  if (!kind.namespaced) return kindPrefix(kind) + name;
  if (namespace === undefined || namespace === '') {
    throw new CodedError('bad-request', 'an empty namespace may not be set when a resource name is provided');
  }
  if (!isPathSegment(namespace)) throw new CodedError('bad-request', `invalid namespace ${JSON.stringify(namespace)}`);
  return `${kindPrefix(kind)}${namespace}/${name}`;
}

/** What `objectKey` put together. */
export function splitKey(kind: Kind, key: string): { namespace: string; name: string } {
  const rest = key.slice(kindPrefix(kind).length);
  const slash = rest.indexOf('/');
  return slash === -1
    ? { namespace: '', name: rest }
    : { namespace: rest.slice(0, slash), name: rest.slice(slash + 1) };
}

/** Answers the kind that a key belongs to; undefined for keys of kinds that this installation does not have. */
export function kindOfKey(registry: KindRegistry): (key: string) => Kind | undefined {
  const byPrefix = new Map(registry.kinds.map((kind) => [kindPrefix(kind), kind]));
  return (key) => {
    const groupEnd = key.indexOf('/', rootPrefix.length);
    return byPrefix.get(key.slice(0, key.indexOf('/', groupEnd + 1) + 1));
  };
}

/** Printable ASCII without slash and percent, neither `.` nor `..`: what can stand between two slashes of a path. */
function isPathSegment(text: string): boolean {
  return /^[!-$&-.0-~]{1,253}$/u.test(text) && text !== '.' && text !== '..';
}
