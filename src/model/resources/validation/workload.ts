import type { FieldError } from '#model/objects';
import { identityOrigins, trustOrigins } from '../keystore-origins.ts';
import type { AdmissionContext } from '../kind.ts';
import type { Workload } from '../workload.ts';
import { entryNameErrors } from './entry-name.ts';
import { duplicate, errorLimit, forbidden, invalid, required } from './field-errors.ts';
import { validateRef, validateSecretRef } from './object-refs.ts';
import { validateOneOf } from './one-of.ts';
import { validateConnections, validateListeners } from './workload-links.ts';
import { validateFiles, warnOfFiles } from './workload-files.ts';
import { validateGateway } from './workload-gateway.ts';
import { validateReturns } from './workload-returns.ts';
import { validateReload, warnOfReload } from './workload-reload.ts';

const mostEntries = { instances: 1000, presents: 100, trusts: 100, listens: 100, connectsTo: 500, files: 200 } as const;

/** Every rule that the Workload breaks. Who is called need not exist yet. */
export function validateWorkload(
  workload: Workload,
  previous: Workload | undefined,
  { subresource }: AdmissionContext,
): FieldError[] {
  if (subresource !== undefined) return [];
  const tooMany = validateCounts(workload);
  if (tooMany.length > 0) return tooMany;
  return [
    ...validateInstances(workload),
    ...validateReturns(workload, previous),
    ...validateGateway(workload),
    ...validateEntryNames(workload),
    ...validateIdentities(workload),
    ...validateTrusts(workload),
    ...validateListeners(workload),
    ...validateConnections(workload),
    ...validateFiles(workload),
    ...validateReload(workload.spec),
  ].slice(0, errorLimit);
}

const validateCounts = ({ spec }: Workload): FieldError[] =>
  Object.entries(mostEntries).flatMap(([field, most]) => {
    const { length } = spec[field as keyof typeof mostEntries] ?? [];
    return length > most ? [forbidden(`spec.${field}`, `at most ${most} are allowed; split the Workload`)] : [];
  });

function validateInstances({ spec: { instances = [], external = false } }: Workload): FieldError[] {
  return instances.flatMap(({ name, address, agent }, index) => {
    const path = `spec.instances[${index}]`;
    return [
      ...entryNameErrors(name, `${path}.name`),
      ...(address === undefined || isHostPort(address)
        ? []
        : [invalid(`${path}.address`, address, 'write host:port, [address]:port for IPv6')]),
      ...(agent === '' ? [required(`${path}.agent`, 'name an identity, or leave it out')] : []),
      ...(external && agent !== undefined
        ? [forbidden(`${path}.agent`, 'no agent runs beside what is external; leave one of both out')]
        : []),
    ];
  });
}

function isHostPort(text: string): boolean {
  const [, host = '', port = ''] = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+):([0-9]{1,5})$/.exec(text) ?? [];
  return host !== '' && Number(port) >= 1 && Number(port) <= 65_535;
}

/** Files and reports name an entry of either list. */
function validateEntryNames({ spec: { presents = [], trusts = [], listens = [] } }: Workload): FieldError[] {
  const presented = new Set(presents.map(({ name }) => name));
  return [
    ...presents.flatMap(({ name }, index) => entryNameErrors(name, `spec.presents[${index}].name`)),
    ...trusts.flatMap(({ name }, index) => [
      ...entryNameErrors(name, `spec.trusts[${index}].name`),
      ...(presented.has(name) ? [duplicate(`spec.trusts[${index}].name`, name)] : []),
    ]),
    ...listens.flatMap(({ name }, index) => entryNameErrors(name, `spec.listens[${index}].name`)),
  ];
}

const validateIdentities = ({ metadata, spec: { presents = [] } }: Workload): FieldError[] =>
  presents.flatMap((entry, index) => {
    const path = `spec.presents[${index}]`;
    return [
      ...validateOneOf(entry, identityOrigins, path),
      ...validateRef(metadata, entry.certificateRef, `${path}.certificateRef`),
      ...validateSecretRef(metadata, entry.secretRef, `${path}.secretRef`),
      ...validateRef(metadata, entry.keystoreRef, `${path}.keystoreRef`),
    ];
  });

const validateTrusts = ({ metadata, spec: { trusts = [] } }: Workload): FieldError[] =>
  trusts.flatMap((entry, index) => {
    const path = `spec.trusts[${index}]`;
    return [
      ...validateOneOf(entry, trustOrigins, path),
      ...validateRef(metadata, entry.trustBundleRef, `${path}.trustBundleRef`),
      ...validateRef(metadata, entry.truststoreRef, `${path}.truststoreRef`),
      ...validateRef(metadata, entry.certificateRef, `${path}.certificateRef`),
      ...validateSecretRef(metadata, entry.secretRef, `${path}.secretRef`),
    ];
  });

/** What works and yet should be known. */
export function warnOfWorkload(workload: Workload): string[] {
  const { listens = [], connectsTo = [] } = workload.spec;
  const isAlone = listens.length === 0 && connectsTo.length === 0;
  return [
    ...(isAlone
      ? ['spec: it neither listens nor connects to anything, so that no rotation of a CA looks after its connections']
      : []),
    ...warnOfTrusts(workload),
    ...warnOfFiles(workload),
    ...warnOfReload(workload.spec),
  ].slice(0, 20);
}

/** Of a Gateway it is the Truststore that can be made from a bundle. */
const warnOfTrusts = ({ spec: { trusts = [], driver } }: Workload): string[] =>
  trusts.flatMap(({ trustBundleRef }, index) =>
    trustBundleRef === undefined && driver !== 'gateway'
      ? [
          `spec.trusts[${index}]: it is not a TrustBundle, so that a certificate vanishes from it with its source; name one by trustBundleRef`,
        ]
      : [],
  );
