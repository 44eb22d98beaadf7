import type { Rotation, RotationObstacle } from '#model/resources';
import { ackLevels } from '#model/rotation';
import { paint, type CliIO } from '../../io.ts';
import { formatColumns } from '../../text/columns.ts';
import { humanDuration } from '../../text/duration.ts';
import { levelsOf } from './levels.ts';
import type { ReportedWorkload } from './reported-workload.ts';

const mostObstacles = 5;

/** Where a rotation is, for people: a screen. */
export function progressText(io: CliIO, rotation: Rotation, workloads: readonly ReportedWorkload[]): string {
  const { spec, status = {} } = rotation;
  const rows = [
    ['Old CA:', authorityText(status.old)],
    ['Next CA:', authorityText(status.next)],
    ['Certificates:', leavesText(rotation)],
    ['Handshakes:', handshakesText(io, rotation)],
    ...(spec.paused === true && status.completedTime === undefined ? [['Paused:', 'resume it to go on']] : []),
    ...(status.message === undefined ? [] : [['Message:', status.message]]),
  ];
  return `${headline(io, rotation)}\n${formatColumns(rows, '  ')}${levelsText(workloads)}${waitText(io, rotation)}`;
}

/** `Rotation demo/my-ca-1: Issue since 12s, generation 3` */
export function headline(io: CliIO, { metadata, status = {} }: Rotation): string {
  const name = `Rotation ${metadata.namespace ?? ''}/${metadata.name}`;
  if (status.completedTime !== undefined) {
    const result = status.result ?? 'over';
    return `${name}: ${paint(io, result === 'succeeded' ? 'green' : 'red', result)} ${ago(io, status.completedTime)} ago`;
  }
  if (status.stage === undefined) return `${name}: not begun`;
  const since = status.stageSince === undefined ? '' : ` since ${ago(io, status.stageSince)}`;
  return `${name}: ${paint(io, 'bold', status.stage)}${since}, generation ${status.generation ?? 0}`;
}

const ago = (io: CliIO, instant: string): string =>
  humanDuration(Math.max(0, io.now().getTime() - Date.parse(instant)) / 1000);

function authorityText(authority: NonNullable<Rotation['status']>['old']): string {
  if (authority === undefined) return '-';
  return `${authority.subject}, ${authority.fingerprint.slice(0, 12)}, ends ${authority.notAfter}`;
}

/** `12 of 20 issued anew, 8 proven, 5 presented by no Workload` */
export function leavesText({ status }: Rotation): string {
  const { total, issued, proven, undeclared = 0 } = status?.leaves ?? { total: 0, issued: 0, proven: 0 };
  const unseen = undeclared > 0 ? `, ${undeclared} presented by no Workload` : '';
  return `${issued} of ${total} issued anew, ${proven} proven${unseen}`;
}

/** `420 made, 0 failed` */
export function handshakesText(io: CliIO, { status }: Rotation): string {
  const { made, failed } = status?.handshakes ?? { made: 0, failed: 0 };
  return `${made} made, ${failed === 0 ? '0 failed' : paint(io, 'red', `${failed} failed`)}`;
}

function levelsText(workloads: readonly ReportedWorkload[]): string {
  const rows = workloads.map(levelsOf).filter(({ wanted }) => wanted > 0);
  if (rows.length === 0) return '';
  const heading = ['WORKLOAD', ...ackLevels.map((level) => level.toUpperCase())];
  const lines = rows.map(({ workload, wanted, reached }) =>
    [workload].concat(ackLevels.map((level) => `${reached[level]}/${wanted}`)),
  );
  return formatColumns([heading, ...lines], '  ');
}

/** Of each material, the first level that is missing: the others follow from it. */
function waitText(io: CliIO, { status = {} }: Rotation): string {
  const { blocking = [], gates = [] } = status;
  const closed = gates.filter(({ open }) => !open).map(({ name }) => name);
  const obstacles = [...new Map(blocking.toReversed().map((one) => [whoOf(one), one])).values()].toReversed();
  const shown = obstacles.slice(0, mostObstacles).map((one) => obstacleText(io, one));
  const rest = obstacles.length - shown.length;
  return [
    ...(closed.length === 0 || status.completedTime !== undefined ? [] : [`  waits for ${closed.join(', ')}\n`]),
    ...shown,
    ...(rest > 0 ? [`  and ${rest} more\n`] : []),
  ].join('');
}

const whoOf = ({ workload, instance, material }: RotationObstacle): string =>
  [workload, instance, material].filter((part) => part !== undefined).join(' ');

/** Who blocks, why, and the mend. */
export function obstacleText(io: CliIO, obstacle: RotationObstacle): string {
  const { message, hint, wanted, has } = obstacle;
  const levels = wanted === undefined ? '' : ` (wants ${wanted}, has ${has ?? 'nothing'})`;
  const mend = hint === undefined ? '' : `    mend: ${hint}\n`;
  return `  ${paint(io, 'yellow', 'blocked')} ${whoOf(obstacle)}: ${message}${levels}\n${mend}`;
}
