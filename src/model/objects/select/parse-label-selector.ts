import { CodedError } from '#errors';
import { labelValueProblems, qualifiedNameProblems } from '../metadata/names.ts';
import type { LabelRequirement, LabelSelector, Operator } from './label-selector.ts';
import { labelTokens, type Token, type TokenKind } from './label-tokens.ts';

const symbols: ReadonlyMap<string, Operator> = new Map([
  ['=', 'In'],
  ['==', 'In'],
  ['!=', 'NotIn'],
  ['in', 'In'],
  ['notin', 'NotIn'],
  ['>', 'GreaterThan'],
  ['<', 'LessThan'],
]);

/**
 * Parses `a=b,c in (d,e),!f,g` with the grammar of apimachinery's labels.Parse. Fails with bad-request, in its words.
 */
export function parseLabelSelector(text: string): LabelSelector {
  const parser = new Parser(labelTokens(text));
  const requirements: LabelRequirement[] = [];
  if (parser.peek().kind === 'end') return requirements;
  do requirements.push(parser.requirement());
  while (parser.another());
  return requirements;
}

class Parser {
  readonly #tokens: readonly Token[];
  #position = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  peek(): Token {
    return this.#tokens[this.#position]!;
  }

  #next(): Token {
    const token = this.peek();
    if (token.kind !== 'end') this.#position += 1;
    return token;
  }

  #take(kind: TokenKind): boolean {
    if (this.peek().kind !== kind) return false;
    this.#next();
    return true;
  }

  requirement(): LabelRequirement {
    const first = this.peek().kind;
    if (first !== 'identifier' && first !== '!') this.#fail("!, identifier, or 'end of string'", '');
    const negated = this.#take('!');
    const key = this.#key();
    if (negated) return { key, operator: 'DoesNotExist', values: [] };
    if (this.#atEndOfRequirement()) return { key, operator: 'Exists', values: [] };
    return this.#comparison(key);
  }

  /** Whether a comma, and with it another requirement, follows. */
  another(): boolean {
    if (this.#take('end') && this.peek().kind === 'end') return false;
    if (!this.#take(',')) this.#fail("',' or 'end of string'", '');
    const { kind } = this.peek();
    if (kind !== 'identifier' && kind !== '!') this.#fail("identifier after ','", '');
    return true;
  }

  #key(): string {
    const { kind, text } = this.peek();
    if (kind !== 'identifier') this.#fail('identifier');
    this.#next();
    const problems = qualifiedNameProblems(text);
    if (problems.length > 0) refuse(`key: Invalid value: ${JSON.stringify(text)}: ${problems.join('; ')}`);
    return text;
  }

  #atEndOfRequirement(): boolean {
    const { kind } = this.peek();
    return kind === 'end' || kind === ',';
  }

  #comparison(key: string): LabelRequirement {
    const { text } = this.peek();
    const operator = symbols.get(text);
    if (operator === undefined) return this.#fail('in, notin, =, ==, !=, gt, lt');
    this.#next();
    const isSet = text === 'in' || text === 'notin';
    const values = isSet ? this.#valueSet() : [this.#exactValue()];
    checkValues(key, operator, values);
    return { key, operator, values };
  }

  #exactValue(): string {
    if (this.#atEndOfRequirement()) return '';
    if (this.peek().kind !== 'identifier') this.#fail('identifier');
    return this.#next().text;
  }

  /** `(a,b)`; an empty place between commas is the empty value. */
  #valueSet(): string[] {
    if (!this.#take('(')) this.#fail("'('");
    if (this.#take(')')) return [];
    const values = new Set<string>();
    do values.add(this.#setValue());
    while (this.#take(','));
    if (!this.#take(')')) this.#fail("',' or ')'");
    return [...values];
  }

  #setValue(): string {
    const { kind, text } = this.peek();
    if (kind === ',' || kind === ')') return '';
    if (kind !== 'identifier') this.#fail("',', ')' or identifier");
    this.#next();
    return text;
  }

  #fail(expected: string, prefix = 'unable to parse requirement: '): never {
    throw badSelector(`${prefix}found '${this.peek().text}', expected: ${expected}`);
  }
}

function checkValues(key: string, operator: Operator, values: readonly string[]): void {
  if (values.length === 0) refuse("values: Invalid value: []: for 'in', 'notin' operators, values set can't be empty");
  values.forEach((value, index) => {
    if ((operator === 'GreaterThan' || operator === 'LessThan') && !/^[+-]?\d+$/.test(value)) {
      refuse(
        `values[${index}]: Invalid value: ${JSON.stringify(value)}: for 'Gt', 'Lt' operators, the value must be an integer`,
      );
    }
    const problems = labelValueProblems(value);
    if (problems.length === 0) return;
    refuse(`values[${index}][${key}]: Invalid value: ${JSON.stringify(value)}: ${problems.join('; ')}`);
  });
}

function refuse(problem: string): never {
  throw badSelector(`unable to parse requirement: ${problem}`);
}

function badSelector(message: string): CodedError {
  return new CodedError('bad-request', message, {
    field: 'labelSelector',
    hint: 'Write requirements such as a=b, a!=b, a in (b,c), a, !a, separated by commas.',
  });
}
