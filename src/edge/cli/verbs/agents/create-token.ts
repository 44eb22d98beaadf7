import { createHash, randomBytes } from 'node:crypto';
import { agentTokenSecret, type ApiClient } from '#edge/api';
import { CodedError, isCoded } from '#errors';
import { dnsSubdomainProblems, formatTimestamp } from '#model/objects';
import { secretKind, systemNamespace, workloadKind, type Workload } from '#model/resources';
import { exitCodes, type ExitCode } from '../../exit-codes.ts';
import type { CliIO } from '../../io.ts';
import { withAccess, type AccessOptions } from '../../server/access.ts';

export interface AgentTokenOptions extends AccessOptions {
  readonly workload: readonly string[];
  readonly hours: number;
}

const fieldManager = 'chancery-agent-token';

/** `chancery agent-token create`: names the agent in its Workloads, and prints the token; it is kept nowhere. */
export async function createAgentToken(io: CliIO, name: string, options: AgentTokenOptions): Promise<ExitCode> {
  const [problem] = dnsSubdomainProblems(name);
  if (problem !== undefined) {
    throw new CodedError('bad-request', `"${name}" cannot be the name of an agent: ${problem}`, { field: 'name' });
  }
  const places = options.workload.map((text) => readPlace(text, name));
  return withAccess(io, options, async ({ client }) => {
    for (const place of places) await nameAgent(client, place, `agent:${name}`);
    const secretPart = randomBytes(32).toString('base64url');
    const expires = new Date(io.now().getTime() + options.hours * 3_600_000);
    await keepDigest(client, name, secretPart, expires);
    io.err(`The token works once, until ${formatTimestamp(expires)}.\n`);
    io.out(`${name}.${secretPart}\n`);
    return exitCodes.done;
  });
}

interface InstancePlace {
  readonly namespace: string;
  readonly name: string;
  readonly instance: string;
}

function readPlace(text: string, agent: string): InstancePlace {
  const [, namespace, name, instance = agent] = /^([^/=]+)\/([^/=]+)(?:=(.+))?$/.exec(text) ?? [];
  if (namespace !== undefined && name !== undefined) return { namespace, name, instance };
  throw new CodedError('bad-request', `"${text}" does not name a Workload`, {
    field: '--workload',
    hint: 'Give namespace and name, such as apic/portal, or apic/portal=portal-1 with the instance.',
  });
}

/** The instance's entry says which agent is beside it: that is what the agent may read by. */
async function nameAgent(
  client: ApiClient,
  { namespace, name, instance }: InstancePlace,
  agent: string,
): Promise<void> {
  await client.get<Workload>(workloadKind, name, namespace);
  const metadata = { name, namespace };
  const object = {
    apiVersion: 'chancery.dev/v1',
    kind: 'Workload',
    metadata,
    spec: { instances: [{ name: instance, agent }] },
  };
  await client.apply<Workload>(workloadKind, object, { fieldManager: `${fieldManager}-${instance}`, force: true });
}

async function keepDigest(client: ApiClient, agent: string, secretPart: string, expires: Date): Promise<void> {
  const name = agentTokenSecret.nameOf(agent);
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: systemNamespace },
    type: agentTokenSecret.type,
    stringData: { sha256: createHash('sha256').update(secretPart).digest('hex'), expires: formatTimestamp(expires) },
  };
  // A token that was not used is worth nothing any more.
  await client.delete(secretKind, name, { namespace: systemNamespace }).catch((error: unknown) => {
    if (!isCoded(error, 'not-found')) throw error;
  });
  await client.create(secretKind, secret, { fieldManager });
}
