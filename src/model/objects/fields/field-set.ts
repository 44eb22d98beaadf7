/**
 * A set of fields, in the encoding of Kubernetes' FieldsV1 itself: a trie whose keys are path elements (`f:spec`,
 * `k:{"type":"Ready"}`, `v:"a"`, `i:0`). A node is a member of the set when it has the key `.` or no key at all; the
 * root is none. Values are shared between sets and never changed; an operation that changes nothing answers its input.
 */
export interface FieldSet {
  readonly [element: string]: FieldSet;
}

type Growing = { [element: string]: FieldSet };

export const self = '.';
export const leaf: FieldSet = Object.freeze({});
export const emptySet: FieldSet = Object.freeze({});

export function isEmptySet(set: FieldSet): boolean {
  for (const _ in set) return false;
  return true;
}

/** Whether the node itself, not only something beneath it, is in the set. */
export function isMember(node: FieldSet): boolean {
  return node[self] !== undefined || isEmptySet(node);
}

/** The fields of both sets. */
export function union(a: FieldSet, b: FieldSet): FieldSet {
  if (a === b || isEmptySet(b)) return a;
  if (isEmptySet(a)) return b;
  let merged: Growing | undefined;
  for (const element in b) {
    const before = a[element];
    const after = before === undefined ? b[element]! : unionNodes(before, b[element]!);
    if (after !== before) (merged ??= { ...a })[element] = after;
  }
  return merged ?? a;
}

function unionNodes(a: FieldSet, b: FieldSet): FieldSet {
  if (a === b || isEmptySet(b)) return asMember(a);
  if (isEmptySet(a)) return asMember(b);
  return union(a, b);
}

function asMember(node: FieldSet): FieldSet {
  return isMember(node) ? node : { [self]: leaf, ...node };
}

/** The fields of `a` that are not in `b`. A field goes without those beneath it. */
export function difference(a: FieldSet, b: FieldSet): FieldSet {
  if (isEmptySet(b)) return a;
  let rest: Growing | undefined;
  for (const element in a) {
    const other = b[element];
    if (other === undefined || element === self) continue;
    const after = differenceOfNodes(a[element]!, other);
    if (after === a[element]) continue;
    rest ??= { ...a };
    if (after === undefined) delete rest[element];
    else rest[element] = after;
  }
  return rest ?? a;
}

function differenceOfNodes(a: FieldSet, b: FieldSet): FieldSet | undefined {
  if (isEmptySet(a)) return isMember(b) ? undefined : a;
  const children = difference(a, b);
  if (a[self] !== undefined && isMember(b)) return withoutSelf(children);
  if (children === a) return a;
  return hasOnlySelf(children) ? leaf : nonEmpty(children);
}

function withoutSelf(node: FieldSet): FieldSet | undefined {
  const { [self]: _member, ...rest } = node;
  return nonEmpty(rest);
}

function nonEmpty(node: FieldSet): FieldSet | undefined {
  return isEmptySet(node) ? undefined : node;
}

function hasOnlySelf(node: FieldSet): boolean {
  for (const element in node) if (element !== self) return false;
  return node[self] !== undefined;
}

/** The fields that are in both sets. */
export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  if (a === b) return a;
  const common: Growing = {};
  for (const element in a) {
    const other = b[element];
    if (other === undefined || element === self) continue;
    const node = intersectionOfNodes(a[element]!, other);
    if (node !== undefined) common[element] = node;
  }
  return common;
}

function intersectionOfNodes(a: FieldSet, b: FieldSet): FieldSet | undefined {
  if (a === b) return a;
  const common = intersection(a, b);
  if (!isMember(a) || !isMember(b)) return nonEmpty(common);
  return isEmptySet(common) ? leaf : { [self]: leaf, ...common };
}

/** Adds `node` at `path` to a set under construction. */
export function insertNode(root: Growing, path: readonly string[], node: FieldSet): void {
  let at = root;
  for (let depth = 0; depth < path.length - 1; depth += 1) at = descend(at, path[depth]!);
  const last = path[path.length - 1]!;
  const before = at[last];
  at[last] = before === undefined ? node : unionNodes(before, node);
}

/** The child to grow into; always a node of the set's own, never a shared one. */
function descend(at: Growing, element: string): Growing {
  const before = at[element];
  const child: Growing = before === undefined ? {} : isEmptySet(before) ? { [self]: leaf } : before;
  at[element] = child;
  return child;
}
