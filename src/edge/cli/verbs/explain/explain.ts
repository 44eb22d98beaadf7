import type { ApiClient } from '#edge/api';
import { CodedError, isCoded } from '#errors';
import { exitCodes, type ExitCode } from '../../exit-codes.ts';
import type { CliIO } from '../../io.ts';
import { withAccess, type AccessOptions } from '../../server/access.ts';
import { discoverKinds, findKind, type ServedKind } from '../../server/kinds.ts';
import { formatExplanation } from './explain-view.ts';
import { fieldsOf, type Schema, type Schemas } from './schema.ts';

export interface ExplainOptions extends AccessOptions {
  readonly recursive?: boolean;
}

/** `chancery explain TYPE[.FIELD...]`: what a kind or a field of it means, from the server's own schema. */
export async function explain(io: CliIO, path: string, options: ExplainOptions): Promise<ExitCode> {
  return withAccess(io, options, async ({ client }) => {
    const { kind, fields } = parsePath(await discoverKinds(client), path);
    const schemas = await fetchSchemas(client, kind);
    const schema = findField(schemas, rootSchema(schemas, kind), fields);
    io.out(formatExplanation(schemas, { kind, field: fields.at(-1), schema }, options.recursive ?? false));
    return exitCodes.done;
  });
}

/** `certificate.spec`, `certificates.cert-manager.io`, `certificates.cert-manager.io.spec`. */
function parsePath(kinds: readonly ServedKind[], path: string): { kind: ServedKind; fields: string[] } {
  const parts = path.split('.').filter((part) => part !== '');
  const words = parts.map((_, index) => parts.slice(0, index + 1).join('.')).toReversed();
  const word = words.find((each) => isKind(kinds, each)) ?? parts[0] ?? path;
  const kind = findKind(kinds, word);
  return { kind, fields: parts.slice(word.split('.').length) };
}

function isKind(kinds: readonly ServedKind[], word: string): boolean {
  try {
    return findKind(kinds, word) !== undefined;
  } catch (error) {
    if (isCoded(error, 'not-found')) return false;
    throw error;
  }
}

async function fetchSchemas(client: ApiClient, { group, version }: ServedKind): Promise<Schemas> {
  const path = group === '' ? `/openapi/v3/api/${version}` : `/openapi/v3/apis/${group}/${version}`;
  const { components } = await client.json<{ components: { schemas: Schemas } }>({ method: 'GET', path });
  return components.schemas;
}

function rootSchema(schemas: Schemas, kind: ServedKind): Schema {
  const root = Object.values(schemas).find((schema) =>
    schema['x-kubernetes-group-version-kind']?.some((it) => it.kind === kind.kind && it.group === kind.group),
  );
  if (root === undefined) throw new CodedError('not-found', `the server has no schema for ${kind.plural}`);
  return root;
}

/** The schema of the field that `names` lead to. Fails with not-found, naming the fields that exist. */
export function findField(schemas: Schemas, root: Schema, names: readonly string[]): Schema {
  let schema = root;
  for (const name of names) {
    const fields = fieldsOf(schemas, schema);
    const next = fields[name];
    if (next === undefined) throw unknownField(name, Object.keys(fields));
    schema = next;
  }
  return schema;
}

function unknownField(name: string, known: readonly string[]): CodedError {
  const hint = known.length === 0 ? 'There are no fields below.' : `There is: ${known.toSorted().join(', ')}.`;
  return new CodedError('not-found', `field "${name}" does not exist`, { hint });
}
