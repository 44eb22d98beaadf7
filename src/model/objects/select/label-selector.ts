export interface LabelRequirement {
  readonly key: string;
  readonly operator: 'Exists' | 'DoesNotExist' | 'In' | 'NotIn' | 'GreaterThan' | 'LessThan';
  readonly values: readonly string[];
}

/** All requirements must hold; none: everything matches. */
export type LabelSelector = readonly LabelRequirement[];

export type Operator = LabelRequirement['operator'];

/** Whether labels satisfy every requirement. Not having the key satisfies `!=`, `notin` and `!`. */
export function matchesLabels(selector: LabelSelector, labels: Readonly<Record<string, string>> | undefined): boolean {
  return selector.every((requirement) => holds(requirement, labels));
}

function holds(requirement: LabelRequirement, labels: Readonly<Record<string, string>> | undefined): boolean {
  const { key, operator, values } = requirement;
  const value = labels !== undefined && Object.hasOwn(labels, key) ? labels[key] : undefined;
  if (operator === 'DoesNotExist') return value === undefined;
  if (operator === 'NotIn') return value === undefined || !values.includes(value);
  if (value === undefined) return false;
  if (operator === 'Exists') return true;
  return operator === 'In' ? values.includes(value) : compares(value, operator, values[0]!);
}

function compares(value: string, operator: Operator, bound: string): boolean {
  if (!/^[+-]?\d+$/.test(value)) return false;
  return operator === 'GreaterThan'
    ? BigInt(plain(value)) > BigInt(plain(bound))
    : BigInt(plain(value)) < BigInt(plain(bound));
}

function plain(integer: string): string {
  return integer.startsWith('+') ? integer.slice(1) : integer;
}
