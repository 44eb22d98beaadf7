import { randomBytes } from 'node:crypto';
import { chmod, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CodedError } from '#errors';
import type { ListenerPlan, RoutePlan } from '#model/gateways';
import { seal, unseal } from './seal.ts';

/** What a node had loaded. Holds private keys. */
export interface Snapshot {
  /** `ns/name` of the gateway. */
  readonly gateway: string;
  readonly writtenAt: string;
  readonly listeners: readonly ListenerPlan[];
  readonly routes: readonly RoutePlan[];
}

const longestBytes = 512 * 1024 * 1024;
const plansAtOnce = 100;

/** Replaces the snapshot as a whole, mode 0600: a reader finds the old one or the new one, also after a crash. */
export async function writeSnapshot(path: string, secret: string, snapshot: Snapshot): Promise<void> {
  const temporary = join(dirname(path), `.${randomBytes(6).toString('hex')}.tmp`);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      for await (const piece of seal(secret, linesOf(snapshot))) await file.write(piece);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** One line a plan, a few at a time: the event loop stays free when there are thousands. */
async function* linesOf({ listeners, routes, ...head }: Snapshot): AsyncGenerator<string> {
  yield `${JSON.stringify(head)}\n`;
  for (let at = 0; at < listeners.length; at += plansAtOnce) {
    yield textOf('listener', listeners.slice(at, at + plansAtOnce));
  }
  for (let at = 0; at < routes.length; at += plansAtOnce) yield textOf('route', routes.slice(at, at + plansAtOnce));
}

function textOf(field: string, plans: readonly object[]): string {
  return plans.map((plan) => `${JSON.stringify({ [field]: plan })}\n`).join('');
}

/**
 * The snapshot at `path`; undefined when there is none. Fails with secret-malformed when it is damaged, was written under
 * another key, or for another gateway.
 */
export async function readSnapshot(path: string, secret: string, gateway: string): Promise<Snapshot | undefined> {
  const bytes = await readBytes(path);
  if (bytes === undefined) return undefined;
  const snapshot = parse(unseal(secret, bytes));
  if (snapshot.gateway === gateway) return snapshot;
  throw new CodedError('secret-malformed', `the snapshot is one of the gateway ${snapshot.gateway}`, { field: path });
}

async function readBytes(path: string): Promise<Uint8Array | undefined> {
  try {
    if ((await stat(path)).size > longestBytes) throw new CodedError('too-large', 'the snapshot is too large');
    await chmod(path, 0o600);
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

type Line = { readonly listener: ListenerPlan } | { readonly route: RoutePlan };

function parse(text: string): Snapshot {
  const [head = '', ...lines] = text.split('\n');
  const snapshot = { listeners: [] as ListenerPlan[], routes: [] as RoutePlan[] };
  for (const line of lines) {
    if (line === '') continue;
    const plan = JSON.parse(line) as Line;
    if ('listener' in plan) snapshot.listeners.push(plan.listener);
    else snapshot.routes.push(plan.route);
  }
  return { ...(JSON.parse(head) as Omit<Snapshot, 'listeners' | 'routes'>), ...snapshot };
}
