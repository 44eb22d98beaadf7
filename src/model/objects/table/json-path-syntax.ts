import { CodedError } from '#errors';

export type Step =
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'all' }
  | { readonly kind: 'filter'; readonly left: Operand; readonly operator?: string; readonly right?: Operand };

export type Operand =
  | { readonly kind: 'path'; readonly steps: readonly Step[] }
  | { readonly kind: 'literal'; readonly value: string | number | boolean };

/** Sticky patterns, tried in this order at each place of a path. */
const patterns = {
  all: /\.?\[\*\]|\.\*/y,
  quoted: /\.?\[\s*(?:'((?:\\.|[^'\\])*)'|"((?:\\.|[^"\\])*)")\s*\]/y,
  index: /\.?\[(-?\d+)\]/y,
  filter: /\.?\[\?\(/y,
  field: /\.((?:\\.|[^.[\]\\(){}\s=!<>"'*])+)/y,
};

const literal = /'((?:\\.|[^'\\])*)'|"((?:\\.|[^"\\])*)"|(-?\d+(?:\.\d+)?)|(true|false)/y;
const space = /\s*/y;
const operator = /\s*(==|!=|<=|>=|<|>)\s*/y;
const filterEnd = /\s*\)\]/y;

/** The steps of a path; braces around it, and a leading `$`, are allowed. Fails with bad-request. */
export function parseJsonPath(path: string): Step[] {
  const text = path
    .trim()
    .replace(/^\{(.*)\}$/s, '$1')
    .replace(/^\$/, '');
  const reader = new PathReader(/^[.[]/.test(text) ? text : `.${text}`, path);
  const steps = text === '' || text === '.' ? [] : reader.steps();
  return steps;
}

class PathReader {
  readonly #text: string;
  readonly #original: string;
  #at = 0;

  constructor(text: string, original: string) {
    this.#text = text;
    this.#original = original;
  }

  steps(): Step[] {
    const steps = this.#stepsHere();
    if (this.#at < this.#text.length) this.#fail();
    return steps;
  }

  #stepsHere(): Step[] {
    const steps: Step[] = [];
    for (let step = this.#step(); step !== undefined; step = this.#step()) steps.push(step);
    return steps;
  }

  #step(): Step | undefined {
    if (this.#match(patterns.all)) return { kind: 'all' };
    const quoted = this.#match(patterns.quoted);
    if (quoted) return { kind: 'field', name: unescape(quoted[1] ?? quoted[2]!) };
    const index = this.#match(patterns.index);
    if (index) return { kind: 'index', index: Number(index[1]) };
    if (this.#match(patterns.filter)) return this.#filter();
    const field = this.#match(patterns.field);
    return field ? { kind: 'field', name: unescape(field[1]!) } : undefined;
  }

  #filter(): Step {
    this.#match(space);
    const left = this.#operand();
    const found = this.#match(operator);
    const step: Step = found
      ? { kind: 'filter', left, operator: found[1]!, right: this.#operand() }
      : { kind: 'filter', left };
    if (!this.#match(filterEnd)) this.#fail();
    return step;
  }

  #operand(): Operand {
    if (this.#text[this.#at] === '@') {
      this.#at += 1;
      return { kind: 'path', steps: this.#stepsHere() };
    }
    const found = this.#match(literal);
    if (!found) return this.#fail();
    return { kind: 'literal', value: literalValue(found) };
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found) this.#at = pattern.lastIndex;
    return found;
  }

  #fail(): never {
    throw new CodedError('bad-request', `unrecognized JSONPath ${JSON.stringify(this.#original)}`, {
      field: `character ${this.#at}`,
      hint: 'Use fields, indexes, [*] and filters such as [?(@.type=="Ready")].',
    });
  }
}

function literalValue(found: RegExpExecArray): string | number | boolean {
  const [, single, double, number, truth] = found;
  if (number !== undefined) return Number(number);
  return truth === undefined ? unescape(single ?? double!) : truth === 'true';
}

function unescape(text: string): string {
  return text.replaceAll(/\\(.)/gs, '$1');
}
