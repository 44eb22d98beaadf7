import type { ExitCode } from '../exit-codes.ts';
import type { CliIO } from '../io.ts';

export interface UpOptions {
  readonly dataDir: string;
  readonly apiPort: number;
  readonly filename: readonly string[];
  readonly verbose: boolean;
  /** Addresses that are told of certificates that expire. */
  readonly expiryWebhook: readonly string[];
  /** False: no gateway runs in this process. */
  readonly gateway: boolean;
  /** Left out: 8443, or a free one when that is taken. */
  readonly gatewayPort?: number;
  /** Run the backends of examples/gateway.yaml in this process. */
  readonly sampleBackends: boolean;
}

export interface GatewayVerbOptions {
  readonly kubeconfig: string;
  /** `NS/NAME` */
  readonly gateway: string;
  /** Left out: the name of the machine. */
  readonly node?: string;
  readonly host: string;
  readonly port: number;
  readonly stateDir: string;
  readonly drainSeconds: number;
  readonly verbose: boolean;
}

export interface AgentVerbOptions {
  /** Left out: the identity in the state directory, or the one that the token is exchanged for. */
  readonly kubeconfig?: string;
  readonly server?: string;
  readonly caFile?: string;
  readonly bootstrapTokenFile?: string;
  /** `NS/NAME` or `NS/NAME=INSTANCE` */
  readonly workload: readonly string[];
  readonly stateDir: string;
  readonly verbose: boolean;
}

/** Verbs that run the server side; bin wires them, because the CLI knows of the server only its API. */
export interface ServerVerbs {
  up(io: CliIO, options: UpOptions): Promise<ExitCode>;
  gateway(io: CliIO, options: GatewayVerbOptions): Promise<ExitCode>;
  agent(io: CliIO, options: AgentVerbOptions): Promise<ExitCode>;
  rotateSecretsKey(io: CliIO, options: { readonly dataDir: string }): Promise<ExitCode>;
}

/** What the commands of one program are built with. */
export interface CommandContext {
  readonly io: CliIO;
  readonly server: ServerVerbs;
  readonly version: string;
  /** Receives the exit code of the verb that ran. */
  readonly settle: (code: ExitCode) => void;
}
