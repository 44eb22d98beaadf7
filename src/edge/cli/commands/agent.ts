import type { Command } from 'commander';
import { createAgentToken, type AgentTokenOptions } from '../verbs/agents/create-token.ts';
import type { AgentVerbOptions, CommandContext } from './context.ts';
import { parseCount, reachingVerb, verb } from './options.ts';

/** The agent beside somebody else's server, and how it comes by its identity. */
export function addAgentVerbs(program: Command, { io, server, settle }: Omit<CommandContext, 'version'>): void {
  verb(program, 'agent', 'look after servers on this machine: bring them their certificates, reload them, prove it')
    .requiredOption(
      '--workload <place...>',
      'NS/NAME of the Workload, or NS/NAME=INSTANCE; without, the instance is named as this machine',
    )
    .option('--state-dir <dir>', 'where the agent keeps what it knows, and its identity', '.chancery-agent')
    .option('--kubeconfig <file>', 'how to reach the API, instead of an identity of its own')
    .option('--server <url>', 'address of the API, to get an identity from')
    .option('--ca-file <file>', 'certificates by which the API is known')
    .option('--bootstrap-token-file <file>', "file with the token of 'chancery agent-token create'")
    .option('--verbose', 'log every step, not only what matters', false)
    .action(async (options: AgentVerbOptions) => settle(await server.agent(io, options)));
  const tokens = program.command('agent-token').description('one-time tokens for agents: create');
  reachingVerb(tokens, 'create', 'make a token that an agent exchanges for its identity, once')
    .argument('<name>', 'name of the agent')
    .requiredOption(
      '--workload <place...>',
      'NS/NAME of what it looks after, or NS/NAME=INSTANCE; without, the instance is named as the agent',
    )
    .option('--hours <n>', 'how long the token is good', parseCount, 1)
    .action(async (name: string, options: AgentTokenOptions) => settle(await createAgentToken(io, name, options)));
}
