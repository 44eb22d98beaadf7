import { CodedError } from '#errors';
import type { Kind } from '#model/resources';

/** `certificates.cert-manager.io`, `secrets`: how Kubernetes names a resource in its messages. */
export function resourceText(kind: Kind): string {
  return kind.group === '' ? kind.plural : `${kind.plural}.${kind.group}`;
}

export function notFound(kind: Kind, name: string): CodedError {
  return new CodedError('not-found', `${resourceText(kind)} "${name}" not found`);
}

export function alreadyExists(kind: Kind, name: string): CodedError {
  return new CodedError('already-exists', `${resourceText(kind)} "${name}" already exists`);
}

export function conflict(kind: Kind, name: string, reason: string): CodedError {
  return new CodedError('conflict', `Operation cannot be fulfilled on ${resourceText(kind)} "${name}": ${reason}`);
}

/** The text that client-go and people look for after a lost compare-and-swap. */
export function modifiedMeanwhile(kind: Kind, name: string): CodedError {
  return conflict(
    kind,
    name,
    'the object has been modified; please apply your changes to the latest version and try again',
  );
}

export function forbidden(kind: Kind, name: string, reason: string): CodedError {
  return new CodedError('forbidden', `${resourceText(kind)} "${name}" is forbidden: ${reason}`);
}

/** For a revision that nobody has written yet; clients retry after a second. */
export function revisionTooLarge(asked: number, current: number): CodedError {
  return new CodedError('revision-too-large', `Too large resource version: ${asked}, current: ${current}`, {
    field: 'resourceVersion',
    hint: 'Retry after a second, or list again.',
  });
}
