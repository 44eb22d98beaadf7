/**
 * Name rules of apimachinery's util/validation, with its texts. Each function lists what is wrong; empty: nothing.
 */
const labelPattern = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const subdomainPattern = `${labelPattern}(\\.${labelPattern})*`;
const qualifiedPattern = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const labelValuePattern = `(${qualifiedPattern})?`;

const isDnsLabel = new RegExp(`^${labelPattern}$`);
const isQualified = new RegExp(`^${qualifiedPattern}$`);

const subdomainText = `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '${subdomainPattern}')`;
const labelText = `a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '${labelPattern}')`;
const qualifiedText = `must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '${qualifiedPattern}')`;
const labelValueText = `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '${labelValuePattern}')`;

function tooLong(limit: number): string {
  return `must be no more than ${limit} characters`;
}

/** RFC 1123 subdomain of at most 253 characters: the names of objects. */
export function dnsSubdomainProblems(name: string): string[] {
  const problems = name.length > 253 ? [tooLong(253)] : [];
  if (!isSubdomain(name)) problems.push(subdomainText);
  return problems;
}

/** Label by label: the one regular expression for it all would take quadratic time on hostile names. */
function isSubdomain(name: string): boolean {
  return name.length <= 4096 && name.split('.').every((label) => isDnsLabel.test(label));
}

/** RFC 1123 label of at most 63 characters: the names of namespaces. */
export function dnsLabelProblems(name: string): string[] {
  const problems = name.length > 63 ? [tooLong(63)] : [];
  if (name.length > 4096 || !isDnsLabel.test(name)) problems.push(labelText);
  return problems;
}

/** Label keys, finalizers: a name of at most 63 characters with an optional subdomain and `/` before it. */
export function qualifiedNameProblems(text: string): string[] {
  const parts = text.split('/');
  if (parts.length > 2) {
    return [
      `a qualified name ${qualifiedText} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  }
  const problems = parts.length === 2 ? prefixProblems(parts[0]!) : [];
  return [...problems, ...namePartProblems(parts.at(-1)!)];
}

function prefixProblems(prefix: string): string[] {
  if (prefix === '') return ['prefix part must be non-empty'];
  return dnsSubdomainProblems(prefix).map((problem) => `prefix part ${problem}`);
}

function namePartProblems(name: string): string[] {
  const problems: string[] = [];
  if (name === '') problems.push('name part must be non-empty');
  else if (name.length > 63) problems.push(`name part ${tooLong(63)}`);
  if (name.length > 4096 || !isQualified.test(name)) problems.push(`name part ${qualifiedText}`);
  return problems;
}

/** Annotation keys: qualified names whose case does not count. */
export function annotationKeyProblems(key: string): string[] {
  return qualifiedNameProblems(key.toLowerCase());
}

/** Label values: empty, or at most 63 characters. */
export function labelValueProblems(value: string): string[] {
  const problems = value.length > 63 ? [tooLong(63)] : [];
  if (value !== '' && (value.length > 4096 || !isQualified.test(value))) problems.push(labelValueText);
  return problems;
}
