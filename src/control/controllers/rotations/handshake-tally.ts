import type { RotationStatus } from '#model/resources';
import type { KnownWorkload } from './workload-registry.ts';

/** Codes of agents that say that a handshake ended otherwise than it must. */
const failures: ReadonlySet<string> = new Set([
  'no-handshake',
  'other-certificate',
  'stranger-accepted',
  'client-refused',
  'anchor-missing',
  'anchor-lingers',
  'session-resumed',
]);

type Handshakes = NonNullable<RotationStatus['handshakes']>;

/**
 * Counts the proofs that instances report while a Rotation runs, each once, and the handshakes that failed though they
 * must not. After a restart it goes on from the status, with what is reported from then on.
 */
export class HandshakeTally {
  readonly #seen = new Map<string, string>();
  #isPrimed = false;

  count(before: Handshakes = { made: 0, failed: 0 }, workloads: Iterable<KnownWorkload>): Handshakes {
    let { made, failed } = before;
    for (const { workload, reports } of workloads) {
      const { namespace = '', name } = workload.metadata;
      for (const instance of reports.values()) {
        for (const { name: material, proven, code } of instance.materials ?? []) {
          const key = `${namespace}/${name}/${instance.name}/${material}`;
          if (proven !== undefined && this.#isNew(`${key} proven`, `${proven.generation}@${proven.at}`)) made += 1;
          const failure = code !== undefined && failures.has(code) ? code : '';
          if (this.#isNew(`${key} failed`, failure) && failure !== '') failed += 1;
        }
      }
    }
    this.#isPrimed = true;
    return { made, failed };
  }

  #isNew(key: string, value: string): boolean {
    if (this.#seen.get(key) === value) return false;
    this.#seen.set(key, value);
    return this.#isPrimed;
  }
}
