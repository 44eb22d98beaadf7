import { isMember, self, type FieldSet } from '../fields/field-set.ts';
import { compareElements, elementText } from '../fields/path-element.ts';
import { compareTexts, ownerId, type Owner } from './owners.ts';
import type { FieldConflict } from './requests.ts';
import type { Contested } from './take-over.ts';

/** One conflict for each contested field, by manager, fields before what is beneath them. */
export function conflictsOf(contested: Contested): FieldConflict[] {
  const owners = [...contested].toSorted(([a], [b]) => compareTexts(ownerId(a), ownerId(b)));
  return owners.flatMap(([owner, fields]) => pathTexts(fields).map((field) => conflictOf(owner, field)));
}

function conflictOf({ manager, operation, apiVersion, subresource }: Owner, field: string): FieldConflict {
  return { manager, operation, apiVersion, field, ...(subresource === undefined ? {} : { subresource }) };
}

function pathTexts(set: FieldSet, prefix = ''): string[] {
  const elements = Object.keys(set)
    .filter((element) => element !== self)
    .toSorted(compareElements);
  const members = elements.filter((element) => isMember(set[element]!));
  return [
    ...members.map((element) => prefix + elementText(element)),
    ...elements.flatMap((element) => pathTexts(set[element]!, prefix + elementText(element))),
  ];
}

/** The message of the Conflict status of an apply, as kubectl prints it. */
export function formatConflicts(conflicts: readonly FieldConflict[]): string {
  const [first] = conflicts;
  if (conflicts.length === 1)
    return `Apply failed with 1 conflict: conflict with ${ownerText(first!)}: ${first!.field}`;
  const parts = [...Map.groupBy(conflicts, ownerText)].flatMap(([owner, fields]) => ownerLines(owner, fields));
  return `Apply failed with ${conflicts.length} conflicts: ${parts.join('\n')}`;
}

function ownerLines(owner: string, fields: readonly FieldConflict[]): string[] {
  return [`conflicts with ${owner}:`, ...fields.map(({ field }) => `- ${field}`)];
}

function ownerText({ manager, operation, apiVersion, subresource }: FieldConflict): string {
  const through = subresource === undefined ? '' : ` with subresource ${JSON.stringify(subresource)}`;
  const using = operation === 'Update' ? ` using ${apiVersion}` : '';
  return `${JSON.stringify(manager)}${through}${using}`;
}

/** `details.causes` of that status. */
export function conflictCauses(
  conflicts: readonly FieldConflict[],
): { readonly reason: 'FieldManagerConflict'; readonly message: string; readonly field: string }[] {
  return conflicts.map((conflict) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${ownerText(conflict)}`,
    field: conflict.field,
  }));
}
