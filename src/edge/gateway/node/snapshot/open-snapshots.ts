import { join } from 'node:path';
import type { Clock } from '#control/runtime';
import type { NodeLog } from '../node-options.ts';
import { readSnapshot, type Snapshot } from './snapshot-file.ts';
import { SnapshotKeeper } from './snapshot-keeper.ts';

export interface SnapshotsOptions {
  readonly directory: string | undefined;
  /** What the node shows the API that it is; without it nothing can be kept. */
  readonly secret: string | undefined;
  /** `ns/name` */
  readonly gateway: string;
  readonly node: string;
  readonly clock: Clock;
  readonly log: NodeLog;
  readonly current: () => Pick<Snapshot, 'listeners' | 'routes'>;
  readonly onWritten: () => void;
}

/** What an earlier run of the node had loaded, when it can be read; and who keeps it from now on. */
export async function openSnapshots(
  options: SnapshotsOptions,
): Promise<{ readonly adopted: Snapshot | undefined; readonly keeper: SnapshotKeeper | undefined }> {
  const { directory, secret, gateway, node, clock, log, current, onWritten } = options;
  if (directory === undefined) return { adopted: undefined, keeper: undefined };
  if (secret === undefined) {
    log.warn({ directory }, 'no snapshot is kept: the node has neither a client key nor a token to encrypt it with');
    return { adopted: undefined, keeper: undefined };
  }
  const path = join(directory, `${node}.snapshot`);
  const adopted = await readSnapshot(path, secret, gateway).catch((error: unknown) => {
    log.warn({ error: String(error), path }, 'the snapshot is ignored; a new one replaces it');
    return undefined;
  });
  const whole = (): Snapshot => ({ gateway, writtenAt: clock.now().toISOString(), ...current() });
  return { adopted, keeper: new SnapshotKeeper({ path, secret, clock, log, current: whole, onWritten }) };
}
