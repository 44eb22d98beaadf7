import { noAbilities, type Abilities } from './abilities.ts';
import { swap } from './runtime-socket.ts';
import { TestBench } from './test-bench.ts';
import { throwawayAuthority, type ThrowawayPair } from './throwaway-material.ts';

/**
 * Tries a HAProxy program out, in a process of its own: some versions answer Success and keep the old certificate once a
 * CA file was swapped, and all that are known do so for the trust of a backend without a client certificate. Versions are
 * not asked: packages carry repairs of their own. Takes about a tenth of a second.
 */
export async function testAbilities(program: string, now: Date): Promise<Abilities> {
  const [old, next] = [throwawayAuthority('old', now), throwawayAuthority('next', now)];
  const sites = ['a', 'b', 'c'].map((name) => old.issue(`${name}.invalid`));
  const bench = await TestBench.open(program, { site: fileOf(sites[0]!), clientCA: old.pem }, now);
  if (bench === undefined) return noAbilities;
  await using open = bench;
  try {
    const client = old.issue('client');
    const certificates = await presents(open, sites[1]!, client);
    const backendTrust = await refusesBackend(open, next.pem, client);
    if (!(await swap(open.socket, 'ca-file', open.clientCA, Buffer.from(next.pem)))) {
      return { certificates, backendTrust, clientTrust: false };
    }
    const isOldOut = (await open.call(client)).fingerprint === undefined;
    const clientTrust = isOldOut && (await presents(open, sites[2]!, next.issue('client')));
    return { certificates, clientTrust, backendTrust };
  } catch {
    // It ended in the middle, which is an answer too.
    return noAbilities;
  }
}

const fileOf = ({ cert, key }: ThrowawayPair): string => cert + key;

async function presents(bench: TestBench, site: ThrowawayPair, client: ThrowawayPair): Promise<boolean> {
  if (!(await swap(bench.socket, 'cert', bench.site, Buffer.from(fileOf(site))))) return false;
  return (await bench.call(client)).fingerprint === site.fingerprint;
}

/** Whether the backend is refused once its authority was swapped for another. */
async function refusesBackend(bench: TestBench, other: string, client: ThrowawayPair): Promise<boolean> {
  const isAnswered = async (): Promise<boolean> => / 200 /.test((await bench.call(client)).answer.slice(0, 20));
  if (!(await isAnswered())) return false;
  if (!(await swap(bench.socket, 'ca-file', bench.backendCA, Buffer.from(other)))) return false;
  return !(await isAnswered());
}
