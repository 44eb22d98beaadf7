import { CodedError } from '#errors';
import { dnsSubdomainProblems } from '#model/objects';
import { openGateway } from '../open-gateway.ts';
import type { GatewayStats } from '../gateway.ts';
import type { GatewayNodeOptions } from './node-options.ts';
import { RunningNode } from './running-node.ts';

/** A gateway that follows the API. */
export interface GatewayNode {
  readonly address: { readonly host: string; readonly port: number };
  /** Resolves when everything that is declared was compiled once, or when what an earlier run had loaded serves again. */
  readonly ready: Promise<void>;
  stats(): GatewayStats;
  /** Lets what runs end, for at most so long; then what is loaded is on disk and reported. */
  stop(drainMilliseconds?: number): Promise<void>;
}

const defaultDrainMilliseconds = 10_000;

/**
 * Starts one node of a Gateway. It listens at once, serves what its snapshot holds, and follows the API from then on; an
 * API that does not answer is waited for. Fails with address-taken, and bad-request for a name that no node can have.
 */
export async function startGatewayNode(options: GatewayNodeOptions): Promise<GatewayNode> {
  checkName(options.node);
  const { host, port, limits, log } = options;
  const engine = await openGateway({
    host,
    port,
    log,
    ...(limits === undefined ? {} : { limits }),
  });
  const node = new RunningNode(options, engine);
  try {
    await node.start();
  } catch (error) {
    await engine.close();
    throw error;
  }
  const { address } = engine;
  return {
    address,
    ready: node.ready,
    stats: () => engine.stats(),
    stop: (drainMilliseconds = defaultDrainMilliseconds) => node.stop(drainMilliseconds),
  };
}

function checkName(node: string): void {
  const [problem] = dnsSubdomainProblems(node);
  if (problem === undefined) return;
  throw new CodedError('bad-request', `"${node}" cannot be the name of a node: ${problem}`, {
    field: 'node',
    hint: 'Use lower-case letters, digits, `-` and `.`.',
  });
}
