import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { CodedError } from '#errors';

const run = promisify(execFile);

export interface OwnerIds {
  readonly uid: number;
  /** -1 leaves the group as it is. */
  readonly gid: number;
}

/** The numbers of `user` or `user:group`, as the machine knows them. Fails with bad-request for a stranger. */
export async function ownerIds(owner: string): Promise<OwnerIds> {
  const [user = '', group] = owner.split(':');
  const [uid, ownGroup] = await lookUp('passwd', user);
  const gid = group === undefined ? ownGroup : (await lookUp('group', group))[0];
  return { uid: uid!, gid: gid ?? -1 };
}

/** The numbers in the entry: of a user its own and that of its group. */
async function lookUp(database: 'passwd' | 'group', name: string): Promise<number[]> {
  const entry = await run('getent', [database, name]).catch(() => undefined);
  if (entry !== undefined) {
    const [, , id, groupId] = entry.stdout.trim().split(':');
    return [Number(id), ...(database === 'passwd' ? [Number(groupId)] : [])];
  }
  if (/^\d+$/.test(name)) return [Number(name)];
  throw new CodedError('bad-request', `this machine knows no ${database === 'passwd' ? 'user' : 'group'} "${name}"`, {
    field: 'owner',
    hint: 'Create it, or name another owner in spec.files[].owner.',
  });
}
