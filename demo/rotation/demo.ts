import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { runCli, type ServerVerbs } from '#edge/cli';
import { findPeer } from '../../test/peers/peer.ts';
import { readIdentity, type Caller, type CallerFiles, type Destination } from './load/caller.ts';
import { javaCaller } from './load/java-caller.ts';
import { nodeCaller, shake } from './load/node-caller.ts';
import { opensslCaller } from './load/openssl-caller.ts';
import { Tally, type Count } from './load/tally.ts';
import { backend, gatewayObjects } from './gateway.ts';
import { authority, callers, controlAuthority, demoObjects, namespace, type DemoServer } from './manifests.ts';
import { Plane } from './plane.ts';
import { findServers } from './servers.ts';
import { swapWithoutStages } from './swap.ts';
import { until } from './until.ts';

export interface DemoOptions {
  readonly isQuick: boolean;
  readonly say: (text: string) => void;
}

export interface DemoResult {
  readonly handshakes: Count;
  readonly rows: ReturnType<Tally['rows']>;
  readonly control: Count;
  readonly oldCARefused: boolean;
  /** What was rotated: the drivers of the servers that were there. */
  readonly drivers: readonly string[];
}

const nodeCallers = 3;

/** Servers, callers and a control plane, and a CA that is replaced beneath them. */
export class Demo {
  readonly #folder: string;
  readonly #options: DemoOptions;
  readonly #tally = new Tally();
  readonly #callers: Caller[] = [];
  #servers: DemoServer[] = [];
  #plane: Plane | undefined;

  constructor(folder: string, options: DemoOptions) {
    this.#folder = folder;
    this.#options = options;
  }

  async run(): Promise<DemoResult> {
    const { isQuick, say } = this.#options;
    const plane = await this.#open();
    await delay(isQuick ? 500 : 3000);
    const refused: boolean[] = [];
    for (const round of ['first', 'second']) {
      say(`\nThe ${round} rotation\n`);
      refused.push(await this.#rotate(plane));
      await delay(isQuick ? 200 : 3000);
    }
    say('\nNow without stages\n');
    await this.#control(plane);
    await Promise.all(this.#callers.map((caller) => caller.stop()));
    return {
      handshakes: this.#tally.of('staged'),
      rows: this.#tally.rows('staged'),
      control: this.#tally.of('control'),
      oldCARefused: refused.every(Boolean),
      drivers: this.#called.map(({ name }) => name),
    };
  }

  async stop(): Promise<void> {
    await Promise.all(this.#callers.map((caller) => caller.stop()));
    for (const server of this.#servers) await server.process.kill();
    await this.#plane?.stop();
  }

  get #names(): string[] {
    return [...this.#servers.map(({ name }) => name), callers];
  }

  /** The servers that the callers call; behind the gateway is one more. */
  get #called(): DemoServer[] {
    return this.#servers.filter(({ name }) => name !== backend);
  }

  get #callerNames(): string[] {
    return [...new Set(this.#callers.map(({ name }) => name))];
  }

  get #destinations(): Destination[] {
    return this.#called.map(({ name, process: { port } }) => ({ name, port }));
  }

  /** Everything runs, and every certificate and bundle is proven. */
  async #open(): Promise<Plane> {
    const plane = (this.#plane = await Plane.start(this.#folder));
    this.#servers = await findServers(this.#folder, plane.installation.gatewayKubeconfig);
    const files = callerFiles(join(this.#folder, 'callers'));
    const { port } = this.#servers.find(({ name }) => name === backend)!.process;
    const called = this.#called.map(({ name }) => name);
    await plane.declare([...demoObjects(this.#servers, called, files), ...gatewayObjects(port)]);
    await plane.untilIssued([authority, controlAuthority, ...this.#names]);
    const withFiles = this.#servers.filter(({ process: { files } }) => files.length > 0).map(({ name }) => name);
    await plane.startAgents([...withFiles, callers]);
    await plane.untilReached([...withFiles, callers], 'persisted', 20);
    for (const server of this.#servers) await server.process.start();
    await plane.untilReached(this.#names, 'proven', 30);
    this.#startCallers(files);
    await this.#untilAllCall();
    return plane;
  }

  #startCallers(files: CallerFiles): void {
    const [openssl, java] = [findPeer('openssl'), findPeer('java')];
    this.#callers.push(...Array.from({ length: nodeCallers }, () => nodeCaller(files, 5)));
    if (openssl !== undefined) this.#callers.push(opensslCaller(openssl, files, this.#folder, 50));
    if (java !== undefined) this.#callers.push(javaCaller(java, files, 50));
    const tally = this.#tally;
    for (const caller of this.#callers) {
      caller.start(this.#destinations, (server) => {
        const { phase } = tally;
        return (outcome) => tally.add(phase, caller.name, server, outcome);
      });
    }
    const { say } = this.#options;
    say(`Callers: ${this.#callerNames.join(', ')}; servers: ${this.#called.map(({ name }) => name).join(', ')}\n`);
  }

  async #untilAllCall(): Promise<void> {
    const pairs = this.#callerNames.length * this.#called.length;
    await until('every caller at every server', 20, async () =>
      this.#tally.rows('staged').length === pairs ? true : undefined,
    );
  }

  /** One rotation in stages; answers whether what the old CA has signed is refused by every server after it. */
  async #rotate(plane: Plane): Promise<boolean> {
    const files = callerFiles(join(this.#folder, 'callers'));
    const old = readIdentity(files);
    const code = await this.#chancery(plane, 'rotate', authority, '-n', namespace, '--wait');
    if (code !== 0) throw new Error(`the rotation ended with ${code}`);
    const { ca } = readIdentity(files);
    const outcomes = await Promise.all(
      this.#called.flatMap(({ process: { port } }) =>
        [false, true].flatMap((isOld) => [
          shake(port, { ...old, ca }, isOld),
          shake(port, { ...readIdentity(files), ca: old.ca }, isOld),
        ]),
      ),
    );
    return outcomes.every(({ isGood }) => !isGood);
  }

  async #chancery(plane: Plane, ...args: readonly string[]): Promise<number> {
    const { say } = this.#options;
    let said = '';
    const io: Parameters<typeof runCli>[1] = {
      out: say,
      err: (text) => void (said += text),
      readInput: () => Promise.resolve(new Uint8Array()),
      env: { CHANCERY_KUBECONFIG: plane.installation.kubeconfig },
      cwd: this.#folder,
      now: () => new Date(),
      isTerminal: process.stdout.isTTY ?? false,
      isErrTerminal: false,
      signal: AbortSignal.timeout(120_000),
    };
    const code = await runCli(args, io, {} as ServerVerbs, 'demo');
    if (said !== '') process.stderr.write(said);
    return code;
  }

  /** The same change at once; ends when the callers get through again. */
  async #control(plane: Plane): Promise<void> {
    this.#tally.phase = 'control';
    await swapWithoutStages(plane, this.#names);
    await plane.untilIssued(this.#names);
    await until('control', 20, async () => {
      const { total } = this.#tally.of('control');
      return total > 200 && (await this.#isCalm()) ? true : undefined;
    });
  }

  /** Whether nothing fails for half a second. */
  async #isCalm(): Promise<boolean> {
    const before = this.#tally.of('control').failed;
    await delay(500);
    return before > 0 && this.#tally.of('control').failed === before;
  }
}

function callerFiles(folder: string): CallerFiles {
  const at = (name: string): string => join(folder, name);
  const stores = { keystore: at('client.p12'), truststore: at('trust.jks') };
  return { identity: at('client.pem'), trust: at('trust.pem'), ...stores, password };
}

const password = randomBytes(12).toString('hex');
