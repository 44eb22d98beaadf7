import { setTimeout as delay } from 'node:timers/promises';
import type { ApiClient } from '#edge/api';
import { rotationKind, type Rotation } from '#model/resources';
import { exitCodes, type ExitCode } from '../../exit-codes.ts';
import type { CliIO } from '../../io.ts';
import { isOver } from './find-rotation.ts';
import { reportedWorkloads, type ReportedWorkload } from './reported-workload.ts';
import { handshakesText, headline, leavesText, obstacleText, progressText } from './progress-text.ts';

const pauseMilliseconds = 300;

/** Shows a rotation until it is over: a screen that is rewritten where a person watches, else a line for each change. */
export async function followRotation(
  io: CliIO,
  client: ApiClient,
  { metadata: { name, namespace = 'default' } }: Rotation,
  concerned: ReadonlySet<string>,
): Promise<ExitCode> {
  const show = io.isTerminal ? screen(io) : lines(io);
  for (;;) {
    const rotation = await client.get<Rotation>(rotationKind, name, namespace);
    show(rotation, io.isTerminal ? await workloadsOf(client, concerned) : []);
    if (isOver(rotation)) return rotation.status?.result === 'succeeded' ? exitCodes.done : exitCodes.failed;
    await delay(pauseMilliseconds, undefined, { signal: io.signal });
  }
}

/** The Workloads named, `ns/name`. */
export async function workloadsOf(client: ApiClient, places: ReadonlySet<string>): Promise<ReportedWorkload[]> {
  const all = await reportedWorkloads(client);
  return all.filter(({ workload: { metadata } }) => places.has(`${metadata.namespace ?? ''}/${metadata.name}`));
}

type Show = (rotation: Rotation, workloads: readonly ReportedWorkload[]) => void;

/** A line that is too long is cut off: one that went on below would not be where the next screen begins. */
const [noWrap, wrap] = ['\u001b[?7l', '\u001b[?7h'];

function screen(io: CliIO): Show {
  let height = 0;
  return (rotation, workloads) => {
    const text = progressText(io, rotation, workloads);
    io.out(`${height === 0 ? '' : `\u001b[${height}A\u001b[J`}${noWrap}${text}${wrap}`);
    height = text.split('\n').length - 1;
  };
}

/** Every stage is told, also one that was over before the next look. Ages are not: they change by themselves. */
function lines(io: CliIO): Show {
  let [generation, before]: [number, readonly string[]] = [0, []];
  return (rotation) => {
    const { history = [] } = rotation.status ?? {};
    for (const passage of history.filter((one) => one.generation > generation && one.stage !== 'Stable')) {
      io.out(`${headline(io, { ...rotation, status: { stage: passage.stage, generation: passage.generation } })}\n`);
      generation = passage.generation;
    }
    const now = linesOf(io, rotation);
    for (const [index, line] of now.entries()) if (line !== before[index]) io.out(line);
    before = now;
  };
}

function linesOf(io: CliIO, rotation: Rotation): string[] {
  const { stage, blocking = [] } = rotation.status ?? {};
  const first = blocking[0];
  const isAtEnd = isOver(rotation);
  return [
    stage === undefined || isAtEnd ? `${headline(io, rotation)}\n` : '',
    `  ${leavesText(rotation)}; handshakes ${handshakesText(io, rotation)}\n`,
    first === undefined || isAtEnd ? '' : obstacleText(io, first),
  ];
}
