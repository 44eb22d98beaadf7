import type { Rotation, RotationAttestation, RotationAuthority, RotationGate } from '#model/resources';
import { authorityOfSpec } from './authority-name.ts';
import { leavesText } from './progress-text.ts';

/** What was done and what proves it, in Markdown, for whoever has to answer for it later. */
export function evidenceDocument(rotation: Rotation, now: Date): string {
  const { metadata, spec, status = {} } = rotation;
  const parts = [
    `# Rotation ${metadata.namespace ?? ''}/${metadata.name}`,
    summary(rotation, now),
    section('Authorities', authorities(status.old, status.next)),
    section('Stages', table(['Stage', 'Generation', 'Entered'], (status.history ?? []).map(stageRow))),
    section('Gates', (status.gates ?? []).map(gateText).join('\n\n')),
    section(
      'Attestations',
      table(['Consumer', 'Word', 'By', 'Until', 'Reason'], (spec.attestations ?? []).map(wordRow)),
    ),
    section('What it waits for', (status.blocking ?? []).map(blockingText).join('\n')),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function summary(rotation: Rotation, now: Date): string {
  const { spec, status = {} } = rotation;
  const { leaves, handshakes } = status;
  const rows: (readonly [string, string | undefined])[] = [
    ['CA', authorityOfSpec(spec)],
    ['Reason', spec.reason],
    ['Result', status.completedTime === undefined ? `under way: ${status.stage ?? 'not begun'}` : status.result],
    ['Began', status.startedTime],
    ['Ended', status.completedTime],
    ['Went back because', status.message],
    ['Key', spec.key ?? 'new'],
    ['Emergency', spec.emergency === true ? 'yes: the old CA was distrusted first' : undefined],
    ['Cross-signed', spec.crossSign === true ? 'yes' : undefined],
    ['Certificates', leaves && leavesText(rotation)],
    ['Handshakes of probes', handshakes && `${handshakes.made} made, ${handshakes.failed} failed`],
    ['Written', `${now.toISOString().slice(0, 19)}Z`],
  ];
  const told = rows.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  return table(['', ''], told);
}

function authorities(old: RotationAuthority | undefined, next: RotationAuthority | undefined): string {
  const both = [['old', old] as const, ['next', next] as const];
  const rows = both.flatMap(([name, one]) =>
    one === undefined ? [] : [[name, one.subject, one.fingerprint, one.notAfter]],
  );
  return table(['', 'Subject', 'SHA-256', 'Ends'], rows);
}

type Passage = NonNullable<NonNullable<Rotation['status']>['history']>[number];

const stageRow = ({ stage, generation, at }: Passage): string[] => [stage, String(generation), at];

const wordRow = ({ consumer, by, until, reason, waived, generation }: RotationAttestation): string[] => [
  consumer,
  `${waived === true ? 'waived' : 'attested'}${generation === undefined ? '' : ` at generation ${generation}`}`,
  by,
  until,
  reason ?? '',
];

function gateText({ name, open, since, evidence = [] }: RotationGate): string {
  const state = `${open ? 'open' : 'closed'}${since === undefined ? '' : ` since ${since}`}`;
  const lines = evidence.map((line) => `- ${escape(line)}`);
  return [`### ${escape(name)}: ${state}`, ...(lines.length === 0 ? [] : ['', ...lines])].join('\n');
}

type Obstacle = NonNullable<NonNullable<Rotation['status']>['blocking']>[number];

function blockingText({ workload, instance, material, message, wanted, has, hint }: Obstacle): string {
  const who = [workload, instance, material].filter((part) => part !== undefined).join(' ');
  const levels = wanted === undefined ? '' : ` Wanted: ${wanted}; has: ${has ?? 'nothing'}.`;
  return `- ${escape(who)}: ${escape(message)}${escape(levels)}${hint === undefined ? '' : ` Mend: ${escape(hint)}`}`;
}

const section = (title: string, text: string): string => (text === '' ? '' : `## ${title}\n\n${text}`);

function table(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  return [row(heading), `|${' --- |'.repeat(heading.length)}`, ...rows.map(row)].join('\n');
}

const row = (cells: readonly string[]): string => `| ${cells.map(escape).join(' | ')} |`;

/** Text that others wrote stays text: no markup, no line, no cell begins in it. */
function escape(text: string): string {
  return text.replaceAll(/[\\`*_[\]<>|#]/g, String.raw`\$&`).replaceAll(/\s+/g, ' ');
}
