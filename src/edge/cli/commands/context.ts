import type { ExitCode } from '../exit-codes.ts';
import type { CliIO } from '../io.ts';

export interface UpOptions {
  readonly dataDir: string;
  readonly apiPort: number;
  readonly filename: readonly string[];
  readonly verbose: boolean;
  /** Addresses that are told of certificates that expire. */
  readonly expiryWebhook: readonly string[];
}

/** Verbs that run the server side; bin wires them, because the CLI knows of the server only its API. */
export interface ServerVerbs {
  up(io: CliIO, options: UpOptions): Promise<ExitCode>;
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
