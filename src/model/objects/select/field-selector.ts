import { CodedError } from '#errors';
import type { KubeObject } from '../object.ts';
import { isJsonObject } from '../values/json-values.ts';

export interface FieldRequirement {
  /** `metadata.name`, `spec.issuerRef.name`; no leading dot. */
  readonly path: string;
  readonly operator: '=' | '!=';
  readonly value: string;
}

/** All requirements must hold; none: everything matches. */
export type FieldSelector = readonly FieldRequirement[];

const everyKind: readonly string[] = ['metadata.name', 'metadata.namespace'];

/**
 * Parses `metadata.name=x,spec.issuerRef.name!=y`; `\\`, `\,` and `\=` are escapes. `selectable` are the paths that the
 * kind allows besides metadata.name and metadata.namespace, with or without a leading dot. Fails with bad-request, in
 * the words of apimachinery.
 */
export function parseFieldSelector(text: string, selectable: readonly string[] = []): FieldSelector {
  const allowed = new Set([...everyKind, ...selectable.map((path) => path.replace(/^\./, ''))]);
  const terms = splitTerms(text).filter((term) => term !== '');
  return terms.map((term) => parseTerm(term, text, allowed));
}

function splitTerms(text: string): string[] {
  return text.match(/(?:\\.|[^\\,]|\\$)+/gs) ?? [];
}

const termPattern = /^((?:\\.|[^\\=!]|!(?!=))*)(!=|==|=)(.*)$/s;

function parseTerm(term: string, selector: string, allowed: ReadonlySet<string>): FieldRequirement {
  const found = termPattern.exec(term);
  if (found === null) throw bad(`invalid selector: '${selector}'; can't understand '${term}'`);
  const path = found[1]!.trim();
  if (!allowed.has(path)) throw bad(`field label not supported: ${path}`);
  return { path, operator: found[2] === '!=' ? '!=' : '=', value: unescape(found[3]!) };
}

function unescape(text: string): string {
  const stray = /^(?:\\[\\,=]|[^\\,=])*$/s.test(text);
  if (!stray) throw bad(`invalid field selector: invalid escape sequence or unescaped character in '${text}'`);
  return text.replaceAll(/\\([\\,=])/g, '$1');
}

function bad(message: string): CodedError {
  return new CodedError('bad-request', message, {
    field: 'fieldSelector',
    hint: 'Use metadata.name, metadata.namespace or one of the selectable fields of the kind, with = or !=.',
  });
}

/** Whether the object satisfies every requirement; a field that is not there counts as the empty text. */
export function matchesFields(selector: FieldSelector, object: KubeObject): boolean {
  return selector.every(({ path, operator, value }) => (fieldText(object, path) === value) === (operator === '='));
}

function fieldText(object: KubeObject, path: string): string {
  let at: unknown = object;
  for (const name of path.split('.')) {
    if (!isJsonObject(at) || !Object.hasOwn(at, name)) return '';
    at = at[name];
  }
  return typeof at === 'string' || typeof at === 'number' || typeof at === 'boolean' ? String(at) : '';
}
