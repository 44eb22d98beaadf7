import type { FieldError } from '#model/objects';
import type { WorkloadFile } from '../fields/workload-parts.ts';
import type { Workload } from '../workload.ts';
import { forbidden, invalid } from './field-errors.ts';
import { validateSecretRef } from './object-refs.ts';
import { passwordErrors } from './trust-bundle-target.ts';
import { unknownEntry } from './workload-links.ts';

/** The rules of the files that an agent writes. */
export const validateFiles = (workload: Workload): FieldError[] => {
  const { files = [], external = false } = workload.spec;
  if (external && files.length > 0) {
    return [forbidden('spec.files', 'nobody writes files of what is external; leave one of both out')];
  }
  return files.flatMap((file, index) => validateFile(workload, file, `spec.files[${index}]`));
};

function validateFile({ metadata, spec }: Workload, file: WorkloadFile, path: string): FieldError[] {
  const { content, format, passwordRef, owner } = file;
  const isPart = content === 'certificate' || content === 'key';
  const entries = (content === 'bundle' ? spec.trusts : spec.presents) ?? [];
  return [
    ...pathErrors(file.path, `${path}.path`),
    ...(entries.some(({ name }) => name === file.of) ? [] : [unknownEntry(`${path}.of`, file.of, entries)]),
    ...(isPart && format !== 'pem'
      ? [invalid(`${path}.format`, format, `a ${content} alone is written as pem; else use certificate-and-key`)]
      : passwordErrors(format, passwordRef, path)),
    ...validateSecretRef(metadata, passwordRef, `${path}.passwordRef`),
    ...(owner === undefined || /^[A-Za-z0-9_][A-Za-z0-9_.-]*(:[A-Za-z0-9_][A-Za-z0-9_.-]*)?$/.test(owner)
      ? []
      : [invalid(`${path}.owner`, owner, 'write user or user:group')]),
  ];
}

const longestPath = 1024;

function pathErrors(path: string, field: string): FieldError[] {
  const isPlain = path.length <= longestPath && path.startsWith('/') && !path.endsWith('/') && !/\p{Cc}/u.test(path);
  const parts = path.split('/').slice(1);
  if (isPlain && !parts.some((part) => part === '' || part === '.' || part === '..')) return [];
  return [invalid(field, path.slice(0, 200), 'write the whole path of a file, from / on, without . and .. in it')];
}

/** Keys that others can read, and certificates whose key goes elsewhere. */
export const warnOfFiles = ({ spec: { files = [] } }: Workload): string[] =>
  files.flatMap(({ content, mode, of }, index) => {
    const hasKey = content === 'key' || content === 'certificate-and-key';
    const isOpen = hasKey && mode !== undefined && !mode.endsWith('0');
    const counterpart = content === 'key' ? 'certificate' : 'key';
    const isPart = content === 'key' || content === 'certificate';
    const isAlone = isPart && !files.some((other) => other.of === of && other.content === counterpart);
    return [
      ...(isOpen ? [`spec.files[${index}].mode: everybody on that machine can read the key; use 0600`] : []),
      ...(isAlone && content === 'key'
        ? [`spec.files[${index}]: its certificate is in no file; add one, or use certificate-and-key`]
        : []),
    ];
  });
