import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findPeer } from '../peers/peer.ts';

const run = promisify(execFile);

/** Runs `keytool`; gives what it printed. Fails with that when it fails. */
export async function keytool(...args: readonly string[]): Promise<string> {
  const settings = ['-J-Duser.language=en', '-J-XX:TieredStopAtLevel=1', '-J-XX:+UseSerialGC'];
  try {
    return (await run(findPeer('keytool')!, [...settings, ...args], { maxBuffer: 64 << 20 })).stdout;
  } catch (error) {
    // keytool complains on its standard output.
    throw new Error(`${(error as Error).message} ${(error as { stdout?: string }).stdout}`, { cause: error });
  }
}

/** What one `keytool -printcert` says of many certificates, by their SHA-256 fingerprints in lower-case hexadecimal. */
export async function keytoolReports(pems: readonly string[], folder: string): Promise<Map<string, string>> {
  const file = join(folder, 'all.pem');
  writeFileSync(file, pems.join('\n'));
  const printed = await keytool('-printcert', '-file', file);
  const sections = printed.split(/^Certificate\[\d+\]:$/m).filter((section) => section.includes('SHA256:'));
  return new Map(sections.map((section) => [fingerprintIn(section), section]));
}

function fingerprintIn(section: string): string {
  return /SHA256: ([0-9A-F:]+)/.exec(section)![1]!.replaceAll(':', '').toLowerCase();
}
