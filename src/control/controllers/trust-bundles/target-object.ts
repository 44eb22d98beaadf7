import { hash } from 'node:crypto';
import { isCoded } from '#errors';
import type { MaterialFile } from '#pki/material';
import { deepEqual, isOwnedBy, ownerReferenceTo } from '#model/objects';
import type { Anchor, ConfigMap, Kind, Secret, TrustBundle } from '#model/resources';
import { objectTerm } from '#model/stores';
import type { Problem } from '#model/stores';
import { bundleFiles } from '#model/trust';
import type { BundleFormat, BundleTarget } from '#model/trust';
import type { LoopContext } from '../context.ts';
import { writeOptions } from '../context.ts';

/** A ConfigMap or Secret that a bundle is written into. */
export type TargetObject = ConfigMap | Secret;

export const targetTerm = ({ kind, namespace, name }: BundleTarget): string => objectTerm(kind, namespace, name);

export function readTarget({ store, kinds }: LoopContext, target: BundleTarget): Promise<TargetObject | undefined> {
  const { namespace, name } = target;
  return store.get({ kind: kindOf(kinds, target), namespace, name });
}

const kindOf = (kinds: LoopContext['kinds'], { kind }: Pick<BundleTarget, 'kind'>): Kind<TargetObject> =>
  kind === 'Secret' ? kinds.secret : kinds.configMap;

/** Why the bundle must not be written there: whose it is. */
export function targetProblem(
  bundle: TrustBundle,
  target: BundleTarget,
  existing: TargetObject | undefined,
): Problem | undefined {
  if (existing === undefined || isOwnedBy(existing, bundle, true)) return undefined;
  const message = `${targetTerm(target)} exists and is not this bundle's: it is left as it is`;
  return { reason: 'TargetTaken', message, hint: 'Name another one in spec.target, or delete it.' };
}

/** Writes the files where they differ; answers the resource versions that were written. */
export async function writeTarget(
  { store, kinds }: LoopContext,
  bundle: TrustBundle,
  target: BundleTarget,
  existing: TargetObject | undefined,
  formats: readonly BundleFormat[],
): Promise<string[]> {
  const anchors = bundle.status?.anchors ?? [];
  const content = contentOf(target, anchors, formats);
  if (existing !== undefined && holds(existing, content)) return [];
  const { namespace, name } = target;
  const kind = kindOf(kinds, target);
  const { type: _, ...changed } = content;
  const written =
    existing === undefined
      ? await store.create({ kind, namespace }, newObject(bundle, target, content), writeOptions)
      : await store.update({ kind, namespace, name }, { ...bare(existing), ...changed }, writeOptions);
  return [written.metadata.resourceVersion];
}

/** Takes away what the bundle was written into before its target was changed. */
export async function removeTarget(
  context: LoopContext,
  bundle: TrustBundle,
  target: Pick<BundleTarget, 'kind' | 'namespace' | 'name'>,
): Promise<void> {
  const kind = kindOf(context.kinds, target);
  const { namespace, name } = target;
  const existing = await context.store.get({ kind, namespace, name });
  if (existing === undefined || !isOwnedBy(existing, bundle, true)) return;
  try {
    await context.store.delete({ kind, namespace, name }, { ...writeOptions, uid: existing.metadata.uid });
  } catch (error) {
    if (!isCoded(error, 'not-found')) throw error;
  }
}

interface Content {
  readonly type?: string;
  readonly data: Readonly<Record<string, string>>;
  readonly binaryData?: Readonly<Record<string, string>>;
}

const base64 = ({ name, bytes }: MaterialFile): [string, string] => [name, Buffer.from(bytes).toString('base64')];

/** The same anchors, passwords and formats give the same bytes: what is there can be compared. */
function contentOf({ kind }: BundleTarget, anchors: readonly Anchor[], formats: readonly BundleFormat[]): Content {
  const files = bundleFiles(anchors, formats, { random: steadyRandom(anchors, formats), now: newestOf(anchors) });
  if (kind === 'Secret') return { type: 'Opaque', data: Object.fromEntries(files.map(base64)) };
  const isText = (name: string): boolean => formats.some(({ key, format }) => key === name && format === 'pem');
  const texts = files.filter(({ name }) => isText(name));
  const others = files.filter(({ name }) => !isText(name));
  return {
    data: Object.fromEntries(texts.map(({ name, bytes }) => [name, Buffer.from(bytes).toString('utf8')])),
    ...(others.length === 0 ? {} : { binaryData: Object.fromEntries(others.map(base64)) }),
  };
}

const newestOf = (anchors: readonly Anchor[]): Date =>
  new Date(anchors.reduce((newest, { addedTime }) => Math.max(newest, Date.parse(addedTime)), 0));

/** Salts of stores that hold nothing secret: they need to differ between passwords, not to be guessed by nobody. */
function steadyRandom(anchors: readonly Anchor[], formats: readonly BundleFormat[]): (count: number) => Uint8Array {
  const seed = JSON.stringify([anchors.map(({ fingerprint, state }) => [fingerprint, state]), formats]);
  let counter = 0;
  return (count) => {
    let bytes = Buffer.alloc(0);
    while (bytes.length < count) bytes = Buffer.concat([bytes, hash('sha512', `${seed}${counter++}`, 'buffer')]);
    return bytes.subarray(0, count);
  };
}

function holds(existing: TargetObject, { data, binaryData }: Content): boolean {
  const { data: text, binaryData: bytes } = existing as ConfigMap;
  return deepEqual(text ?? {}, data) && deepEqual(bytes ?? {}, binaryData ?? {});
}

function bare(existing: TargetObject): TargetObject {
  const { data: _, binaryData: __, ...rest } = existing as ConfigMap;
  return rest;
}

function newObject(bundle: TrustBundle, { kind, name }: BundleTarget, content: Content): TargetObject {
  const metadata = { name, ownerReferences: [ownerReferenceTo(bundle)] };
  return { apiVersion: 'v1', kind, metadata, ...content } as unknown as TargetObject;
}
