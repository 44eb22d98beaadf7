import type { Json } from '#model/objects';

/**
 * An object as kubectl describes custom resources: keys as words, nested values indented, lists item by item. Managed
 * fields are left out; `skip` names top-level fields that the caller prints itself.
 */
export function describeFields(object: { [key: string]: Json | undefined }, skip: readonly string[] = []): string {
  const lines: string[] = [];
  for (const [key, value] of Object.entries(object)) {
    if (value !== undefined && !skip.includes(key)) writeField(lines, '', key, value);
  }
  return alignLeaves(lines);
}

/** `secretName` -> `Secret Name`, `notAfter` -> `Not After`, `dnsNames` -> `Dns Names`. */
export function fieldTitle(key: string): string {
  if (/[./]/.test(key)) return key;
  const words = key.replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2').replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1 $2');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function writeField(lines: string[], indent: string, key: string, value: Json): void {
  if (Array.isArray(value)) writeList(lines, indent, key, value);
  else if (value !== null && typeof value === 'object') writeMap(lines, indent, key, value);
  else lines.push(`${indent}${fieldTitle(key)}:\t${String(value)}`);
}

function writeMap(lines: string[], indent: string, key: string, map: { [key: string]: Json | undefined }): void {
  lines.push(`${indent}${fieldTitle(key)}:`);
  for (const [name, value] of Object.entries(map)) {
    if (value !== undefined && name !== 'managedFields') writeField(lines, `${indent}  `, name, value);
  }
}

function writeList(lines: string[], indent: string, key: string, items: Json[]): void {
  lines.push(`${indent}${fieldTitle(key)}:`);
  for (const item of items) {
    if (item === null || typeof item !== 'object' || Array.isArray(item)) {
      lines.push(`${indent}  ${typeof item === 'object' ? JSON.stringify(item) : String(item)}`);
      continue;
    }
    for (const [name, value] of Object.entries(item))
      if (value !== undefined) writeField(lines, `${indent}  `, name, value);
  }
}

/** Values of neighbouring leaves of one depth start in one column. */
function alignLeaves(lines: readonly string[]): string {
  const widths = new Map<number, number>();
  for (const line of lines) {
    const tab = line.indexOf('\t');
    const depth = line.search(/\S/);
    if (tab >= 0) widths.set(depth, Math.max(widths.get(depth) ?? 0, tab));
  }
  return lines.map((line) => `${alignLeaf(line, widths)}\n`).join('');
}

function alignLeaf(line: string, widths: ReadonlyMap<number, number>): string {
  const tab = line.indexOf('\t');
  if (tab < 0) return line;
  const width = widths.get(line.search(/\S/)) ?? tab;
  return `${line.slice(0, tab).padEnd(width + 2)}${line.slice(tab + 1)}`;
}
