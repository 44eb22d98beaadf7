import type { CAFacts, Refusal, RotationPlan } from '#model/rotation';
import { paint, type CliIO } from '../../../io.ts';
import { formatColumns } from '../../../text/columns.ts';
import { relativeTime } from '../../../text/duration.ts';

/** What is known only after the next CA is there: the rotation waits for it, and does not fail. */
const waitedFor: readonly string[] = ['external-not-attested'];

/** What keeps the rotation from beginning. */
export function hindrances({ refusals }: RotationPlan, emergency: boolean): Refusal[] {
  return emergency ? [] : refusals.filter(({ check }) => !waitedFor.includes(check));
}

/** What a rotation would do, for people. */
export function planText(io: CliIO, what: string, old: CAFacts, plan: RotationPlan): string {
  const leaves = plan.tiers.flat();
  const rows = [
    [
      'CA:',
      `${old.subject}, ends ${old.notAfter.toISOString().slice(0, 19)}Z (${relativeTime(old.notAfter, io.now())})`,
    ],
    ['SHA-256:', old.fingerprint],
    ['Issued anew:', leaves.length === 0 ? 'nothing' : count(leaves.length, 'certificate')],
    ...plan.tiers.map((places, tier) => [`  wave ${tier + 1}:`, listText(places)]),
    ['Bundles:', listText(plan.bundles) || 'none: nobody trusts this CA through a TrustBundle'],
    ['Must load:', listText(plan.load.map(instanceText)) || 'nobody'],
    ['Will restart:', listText(plan.restart.map(instanceText)) || 'nobody'],
    ...(plan.shared.length === 0 ? [] : [['Change together:', listText(plan.shared)]]),
    ...(plan.undeclared.length === 0 ? [] : [['Nobody waits for:', undeclaredText(plan)]]),
    ...plan.breaks.map(({ presenter, verifier, identity }) => [
      paint(io, 'red', 'Will break:'),
      `${presenter} at ${verifier}, until ${identity} is issued anew and loaded`,
    ]),
  ];
  return `Rotation of ${what}\n${formatColumns(rows, '  ')}${refusalText(io, plan)}`;
}

const undeclaredText = ({ undeclared }: RotationPlan): string =>
  `${listText(undeclared)}: no Workload presents them; whoever uses them must load them by himself`;

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;

const instanceText = ({ workload, instance }: RotationPlan['load'][number]): string => `${workload} ${instance}`;

const longestList = 8;

function listText(names: readonly string[]): string {
  if (names.length <= longestList) return names.join(', ');
  return `${names.slice(0, longestList).join(', ')} and ${names.length - longestList} more`;
}

function refusalText(io: CliIO, { refusals }: RotationPlan): string {
  const lines = refusals.map(({ check, message, hint }) => {
    const waits = waitedFor.includes(check);
    const head = paint(io, waits ? 'yellow' : 'red', waits ? 'waits for' : 'blocks');
    return `  ${head} ${check}: ${message}\n    mend: ${hint}\n`;
  });
  return lines.join('');
}
