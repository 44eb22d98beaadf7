import type { FieldError } from '#model/objects';
import type { Workload, WorkloadSpec } from '../workload.ts';
import { forbidden, required } from './field-errors.ts';
import { validateRef } from './object-refs.ts';

const loadsItself = "the nodes of a Gateway load Chancery's own stores by themselves; leave it out";

/** The rules of a Workload that is a Gateway: it names one, and what its nodes can load. */
export function validateGateway(workload: Workload): FieldError[] {
  const { driver, gatewayRef } = workload.spec;
  if (driver === 'gateway') return validateOwnGateway(workload);
  if (gatewayRef === undefined) return [];
  return [forbidden('spec.gatewayRef', 'is used only by the driver gateway; set spec.driver, or leave it out')];
}

function validateOwnGateway({ metadata, spec }: Workload): FieldError[] {
  const { gatewayRef, files = [], reload, external = false } = spec;
  const field = 'spec.gatewayRef';
  const isElsewhere = gatewayRef?.namespace !== undefined && gatewayRef.namespace !== metadata.namespace;
  return [
    ...(gatewayRef === undefined ? [required(field, 'name the Gateway that it is')] : []),
    ...(isElsewhere
      ? [forbidden(`${field}.namespace`, 'a Workload lies in the namespace of its Gateway')]
      : validateRef(metadata, gatewayRef, field)),
    ...validateStores(spec),
    ...(files.length > 0 ? [forbidden('spec.files', loadsItself)] : []),
    ...(reload === undefined ? [] : [forbidden('spec.reload', loadsItself)]),
    ...(external ? [forbidden('spec.external', 'the nodes of a Gateway report by themselves; leave it out')] : []),
  ];
}

/** Profiles name stores, and nothing else. */
function validateStores({ presents = [], trusts = [], instances = [] }: WorkloadSpec): FieldError[] {
  return [
    ...presents.flatMap(({ keystoreRef }, index) =>
      keystoreRef === undefined
        ? [required(`spec.presents[${index}].keystoreRef`, 'a Gateway presents Keystores; make one of the certificate')]
        : [],
    ),
    ...trusts.flatMap(({ truststoreRef }, index) =>
      truststoreRef === undefined
        ? [required(`spec.trusts[${index}].truststoreRef`, 'a Gateway trusts Truststores; make one of the bundle')]
        : [],
    ),
    ...instances.flatMap(({ agent }, index) =>
      agent === undefined ? [] : [forbidden(`spec.instances[${index}].agent`, 'a node of a Gateway needs no agent')],
    ),
  ];
}
