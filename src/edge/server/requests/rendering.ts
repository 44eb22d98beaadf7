import type { Kind } from '#model/resources';
import type { FieldError } from '#model/objects';
import { parameters } from '#edge/api';
import type { Rendering } from '../answers/encode-object.ts';
import { negotiateForm } from '../answers/form.ts';
import type { Call } from './call.ts';
import { invalidOptions } from './invalid-options.ts';
import { choiceOf } from './parameters.ts';

/** How the client wants its objects. Fails with not-acceptable and invalid. */
export function renderingOf(call: Call, kind: Kind, now: Date): Rendering {
  const form = negotiateForm(call.accept);
  const errors: FieldError[] = [];
  const includeObject = choiceOf(call.query, parameters.includeObject, ['None', 'Metadata', 'Object'], errors);
  if (errors.length > 0) throw invalidOptions('TableOptions', errors);
  return { kind, form, includeObject: includeObject ?? 'Metadata', now };
}
