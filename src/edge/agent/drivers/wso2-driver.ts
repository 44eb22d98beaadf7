import { stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Workload } from '#model/resources';
import { done, failed, type Step } from '../step.ts';
import type { Driver } from './driver.ts';
import { filesDriver } from './files-driver.ts';

/** Of callers' and of backends' side; WSO2 looks at these files' times, not at those of the stores. */
const profiles = ['sslprofiles.xml', 'listenerprofiles.xml'];

/**
 * WSO2 API Manager: its transports read their stores again when the file with their SSL profiles is newer than when they
 * last looked, which is every 10 minutes by default and never oftener than once a minute. So the profiles beside a store
 * that changed are touched. The gateway says nothing; what it shows and refuses is the only proof.
 */
export function wso2Driver(workload: Workload): Driver {
  const { reload, files = [] } = workload.spec;
  const told = filesDriver(reload?.type === 'engine' ? undefined : reload);
  const directories = [...new Set(files.map(({ path }) => dirname(path)))];
  return {
    ...told,
    name: 'wso2',
    reload: async (delivered) => {
      const step = await touchProfiles(directories);
      return step.ok ? told.reload(delivered) : { step, evidence: 'none' };
    },
  };
}

async function touchProfiles(directories: readonly string[]): Promise<Step> {
  const found = await Promise.all(
    directories.flatMap((directory) => profiles.map((name) => touch(join(directory, name)))),
  );
  if (found.some(Boolean)) return done;
  const places = directories.join(', ');
  return failed('reload-failed', `no ${profiles.join(' or ')} lies in ${places}: nothing makes WSO2 read the stores`);
}

/** A time that is later than the one it has, on a file system that counts in seconds too. */
async function touch(path: string): Promise<boolean> {
  const present = await stat(path).catch(() => undefined);
  if (present === undefined) return false;
  const later = new Date(Math.max(Date.now(), present.mtimeMs + 1000));
  await utimes(path, later, later);
  return true;
}
