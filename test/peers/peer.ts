import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where `scripts/install-peers.sh` puts the programs that no package of the machine provides. */
const cache = fileURLToPath(new URL('./cache/bin', import.meta.url));

/** Where servers lie that only administrators usually start. */
const administrators = ['/usr/local/sbin', '/usr/sbin'];

/** Full path of a real program to test against, or undefined when this machine has none. */
export function findPeer(program: string): string | undefined {
  const folders = [cache, ...(process.env['PATH'] ?? '').split(delimiter), ...administrators];
  return folders.map((folder) => join(folder, program)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Test options for a test that needs `programs`: skipped by name where one is missing, unless
 * CHANCERY_REQUIRE_PEERS=1, which lets the test run and fail.
 */
export function peer(...programs: readonly string[]): { skip: false | string } {
  const missing = programs.filter((program) => findPeer(program) === undefined);
  if (missing.length === 0 || process.env['CHANCERY_REQUIRE_PEERS'] === '1') return { skip: false };
  return { skip: `${missing.join(', ')} not found on this machine` };
}
