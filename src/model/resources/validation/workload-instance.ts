import { deepEqual } from '#model/objects';
import type { FieldError } from '#model/objects';
import { workloadInstanceName } from '../workload-instance-name.ts';
import type { WorkloadInstance } from '../workload-instance.ts';
import { entryNameErrors } from './entry-name.ts';
import { forbidden, invalid } from './field-errors.ts';
import { validateRef } from './object-refs.ts';

/** Who may write an object is known by its name: so it is the name of exactly one instance, for good. */
export function validateWorkloadInstance(next: WorkloadInstance, previous: WorkloadInstance | undefined): FieldError[] {
  const { metadata, spec } = next;
  const { namespace = '', name } = spec.workloadRef;
  const errors =
    namespace !== '' && namespace !== metadata.namespace
      ? [forbidden('spec.workloadRef.namespace', 'an instance lives in the namespace of its Workload')]
      : validateRef(metadata, spec.workloadRef, 'spec.workloadRef');
  errors.push(...entryNameErrors(spec.instance, 'spec.instance'));
  if (errors.length > 0) return errors;
  const due = workloadInstanceName(name, spec.instance);
  if (metadata.name !== due) {
    return [invalid('metadata.name', metadata.name, `instance ${spec.instance} of Workload ${name} is named ${due}`)];
  }
  return previous === undefined || deepEqual(previous.spec, spec)
    ? []
    : [forbidden('spec', 'it says which instance this is, and does not change')];
}
