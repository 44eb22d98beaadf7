import type { Command } from 'commander';
import { attest, type AttestOptions } from '../verbs/rotate/attest.ts';
import { changeRotation } from '../verbs/rotate/change.ts';
import { reportRotation, showRotation, type RotationStatusOptions } from '../verbs/rotate/look.ts';
import { rotate, type RotateOptions } from '../verbs/rotate/rotate.ts';
import type { AccessOptions } from '../server/access.ts';
import type { CommandContext } from './context.ts';
import { outputOption, reachingVerb } from './options.ts';

const nameHint = 'a CA: NAME or certificate/NAME, or secret/NAME';
const rotationHint = 'a CA, of which the running or else the latest rotation is meant; or rotation/NAME';

/** `chancery rotate ...`: another CA in the place of one, without a failed handshake. */
export function addRotateVerbs(program: Command, context: CommandContext): void {
  const { io, settle } = context;
  // A word after `rotate` is a verb when there is one of that name, and else a CA.
  const group = reachingVerb(program, 'rotate', 'replace a CA in stages that wait for proof')
    .argument('<name>', nameHint)
    .option('--dry-run', 'only show what it would do, and what is known to break')
    .option('--new-key', 'the next CA gets a key of its own (the default)')
    .option('--same-key', 'the next CA keeps the key')
    .option('--new-subject', 'the next CA gets a name of its own')
    .option('--cross-sign', 'the old and the next CA also sign each other')
    .option('--emergency', 'the CA is compromised: distrust it first; what will break is shown')
    .option('--reason <text>', 'why, for people')
    .option('--wait', 'show it until it is over')
    .action(async (name: string, options: RotateOptions) => settle(await rotate(io, name, options)));
  addLooking(group, context);
  addChanging(group, context);
}

function addLooking(group: Command, { io, settle }: CommandContext): void {
  reachingVerb(group, 'status', 'where it is, what each workload has reached, and what blocks')
    .argument('<name>', rotationHint)
    .option('--wait', 'show it until it is over')
    .addOption(outputOption('json', 'yaml'))
    .action(async (name: string, options: RotationStatusOptions) => settle(await showRotation(io, name, options)));
  reachingVerb(group, 'report', 'the evidence as a document in Markdown: each gate with what opened it')
    .argument('<name>', rotationHint)
    .action(async (name: string, options: AccessOptions) => settle(await reportRotation(io, name, options)));
}

function addChanging(group: Command, { io, settle }: CommandContext): void {
  const changing = [
    ['pause', 'stay in the stage that it is in'],
    ['resume', 'go on'],
    ['rollback', 'go back in stages; possible until the old CA is distrusted'],
  ] as const;
  for (const [change, description] of changing) {
    reachingVerb(group, change, description)
      .argument('<name>', rotationHint)
      .action(async (name: string, options: AccessOptions) => settle(await changeRotation(io, change, name, options)));
  }
  reachingVerb(group, 'attest', 'vouch for a workload that nobody can look at from here')
    .argument('<name>', rotationHint)
    .requiredOption('--consumer <workload>', 'the external Workload: NAME or NAMESPACE/NAME')
    .requiredOption('--until <date>', 'how long the word counts: 2027-01-31, or an instant')
    .option('--by <name>', 'who vouches for it (default: $USER)')
    .option('--reason <text>', 'what the word rests on')
    .option('--waive', 'nobody knows whether it is ready, and it shall not be waited for')
    .action(async (name: string, options: AttestOptions) => settle(await attest(io, name, options)));
}
