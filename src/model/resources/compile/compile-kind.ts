import { Compile } from 'typebox/compile';
import type { Draft, FieldError, KubeObject } from '#model/objects';
import type { Kind } from '../kind.ts';
import type { CompiledKind } from './compiled-kind.ts';
import { needsPruning, pruned } from './prune.ts';
import { hasDuplicates, schemaErrors } from './schema-errors.ts';
import { schemaNode } from './schema-node.ts';

const compiled = new WeakMap<Kind, CompiledKind>();

/** The kind's schema, compiled at the first call and remembered with the kind. */
export function compileKind<T extends KubeObject>(kind: Kind<T>): CompiledKind<T> {
  const known = compiled.get(kind) ?? compile(kind);
  compiled.set(kind, known);
  return known as unknown as CompiledKind<T>;
}

function compile(kind: Kind): CompiledKind {
  const root = schemaNode(kind.schema, kind.group === '');
  const validator = Compile(kind.schema);
  return {
    kind,
    prune: (draft) => {
      if (!needsPruning(root, draft)) return { draft, unknown: [] };
      const unknown: string[] = [];
      return { draft: pruned(root, draft, '', unknown) as Draft, unknown };
    },
    validate: (object) => {
      if (validator.Check(object) && !hasDuplicates(root, object)) return [];
      const errors: FieldError[] = [];
      schemaErrors(root, object, '', errors);
      return errors;
    },
  };
}
