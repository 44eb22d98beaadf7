import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openClient, type ApiClient } from '#edge/api';
import { runCli, type CliIO, type ExitCode } from '#edge/cli';
import { startInstallation } from '#edge/installation';

export interface Said {
  readonly code: ExitCode;
  readonly out: string;
  readonly err: string;
}

export interface RunSettings {
  readonly input?: Uint8Array;
  readonly env?: CliIO['env'];
}

/** A control plane in this process, a folder to work in, and the command line against it. */
export interface CliFixture {
  readonly folder: string;
  readonly client: ApiClient;
  /** Runs one command line in the folder. */
  run(args: readonly string[], settings?: RunSettings): Promise<Said>;
  /** Writes a file into the folder and answers its name. */
  file(name: string, content: string | Uint8Array): string;
  stop(): Promise<void>;
}

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const notHere = (): never => assert.fail('no verb of the server side is run by these tests');

export async function startCliFixture(): Promise<CliFixture> {
  const folder = mkdtempSync(join(tmpdir(), 'chancery-cli-'));
  const directory = join(folder, '.chancery');
  const installation = await startInstallation({ directory, apiPort: 0, version: 'test', logger: silent });
  const client = openClient(installation.access);
  return {
    folder,
    client,
    async run(args, { input = new Uint8Array(), env = {} } = {}) {
      const said = { out: '', err: '' };
      const io: CliIO = {
        out: (text) => void (said.out += text),
        err: (text) => void (said.err += text),
        readInput: () => Promise.resolve(input),
        env,
        cwd: folder,
        now: () => new Date(),
        isTerminal: false,
        isErrTerminal: false,
        signal: new AbortController().signal,
      };
      const server = new Proxy({}, { get: notHere }) as Parameters<typeof runCli>[2];
      return { code: await runCli(args, io, server, 'test'), ...said };
    },
    file(name, content) {
      writeFileSync(join(folder, name), content);
      return name;
    },
    async stop() {
      client.close();
      await installation.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
