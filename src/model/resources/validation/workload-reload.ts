import type { FieldError } from '#model/objects';
import type { WorkloadSpec } from '../workload.ts';
import { forbidden, invalid, required } from './field-errors.ts';

type Reload = NonNullable<WorkloadSpec['reload']>;
type Detail = 'command' | 'pidFile' | 'signal' | 'url';

/** What each way to reload needs, and what else it can use. */
const needs: Readonly<Record<Reload['type'], { readonly all: readonly Detail[]; readonly may: readonly Detail[] }>> = {
  hot: { all: [], may: [] },
  command: { all: ['command'], may: [] },
  signal: { all: ['pidFile'], may: ['signal'] },
  http: { all: ['url'], may: [] },
  engine: { all: [], may: ['command', 'pidFile'] },
  restart: { all: [], may: ['command', 'url'] },
};

const details: readonly Detail[] = ['command', 'pidFile', 'signal', 'url'];

/** The rules of how a Workload reloads. */
export function validateReload({ reload, external = false, driver = 'files' }: WorkloadSpec): FieldError[] {
  if (reload === undefined) return [];
  const { all, may } = needs[reload.type];
  const missing = all.filter((field) => reload[field] === undefined);
  const useless = details.filter((field) => reload[field] !== undefined && ![...all, ...may].includes(field));
  const noEngine = reload.type === 'engine' && driver === 'files';
  return [
    ...missing.map((field) => required(`spec.reload.${field}`, `is needed to reload by ${reload.type}`)),
    ...useless.map((field) => forbidden(`spec.reload.${field}`, `is not used to reload by ${reload.type}`)),
    ...(noEngine
      ? [invalid('spec.reload.type', 'engine', 'the driver files knows no engine; name a driver, or another type')]
      : []),
    ...(external && (reload.command ?? reload.pidFile ?? reload.url) !== undefined
      ? [forbidden('spec.reload', 'nobody reloads what is external; leave all but its type out')]
      : []),
    ...commandErrors(reload),
    ...urlErrors(reload),
  ];
}

const longestArgument = 4096;

const isBad = (text: string): boolean => text.includes('\0') || text.length > longestArgument;

function commandErrors({ command, pidFile }: Reload): FieldError[] {
  const isCommandBad = command !== undefined && (!command[0] || command.length > 100 || command.some(isBad));
  return [
    ...(isCommandBad
      ? [
          invalid(
            'spec.reload.command',
            command.slice(0, 5),
            'write the program, then each argument as a text of its own',
          ),
        ]
      : []),
    ...(pidFile !== undefined && (!pidFile.startsWith('/') || isBad(pidFile))
      ? [invalid('spec.reload.pidFile', pidFile.slice(0, 200), 'write the whole path, from / on')]
      : []),
  ];
}

function urlErrors({ url }: Reload): FieldError[] {
  if (url === undefined) return [];
  const scheme = URL.canParse(url) ? new URL(url).protocol : '';
  if (scheme === 'https:' || scheme === 'http:') return [];
  return [invalid('spec.reload.url', url.slice(0, 200), 'write an http or https URL')];
}

/** Ways to reload that leave something to people or to the server. */
export function warnOfReload({ reload, external = false, driver = 'files', files = [] }: WorkloadSpec): string[] {
  if (external) return [];
  if (reload === undefined && driver === 'files' && files.length > 0) {
    return ['spec.reload: nothing says how the server comes to use new files; it is taken to notice them by itself'];
  }
  const isByPeople = reload?.type === 'restart' && reload.command === undefined && reload.url === undefined;
  return isByPeople ? ['spec.reload: people must restart it; a rotation waits until they have'] : [];
}
