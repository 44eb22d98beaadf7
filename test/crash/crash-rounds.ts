import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ApiClient } from '#edge/api';
import type { KubeObject } from '#model/objects';
import {
  certificateKind,
  certificateRequestKind,
  configMapKind,
  issuerKind,
  namespaceKind,
  secretKind,
} from '#model/resources';
import { endProcess, spawnControlPlane, startControlPlane, type ControlPlane } from '../installation/control-plane.ts';
import { authority, foundation, namespace } from './declarations.ts';
import {
  brokenSecret,
  declaredObjects,
  leftoverKeys,
  lostRenewals,
  unsettled,
  violations,
  type State,
} from './invariants.ts';
import { Journal, versionOf } from './journal.ts';
import { seeded, type Seeded } from './seeded.ts';
import { Sightings, follow } from './sightings.ts';
import { Workload } from './workload.ts';

export interface CrashReport {
  readonly rounds: number;
  readonly answeredWrites: number;
  readonly certificatesIssued: number;
  readonly secretVersionsChecked: number;
  readonly killsWhileStarting: number;
}

const writers = 12;
const settleMilliseconds = 60_000;
/** Of a failed round, as many problems are told. */
const mostProblems = 20;

/**
 * Kills the server in the middle of bulk issuing, `rounds` times on one data directory, and checks after each restart
 * that nothing was lost, half-written or done twice. The same seed makes the same choices; it is part of every failure.
 */
export async function crashRounds(rounds: number, seed: number): Promise<CrashReport> {
  const run = new CrashRun(seed);
  try {
    await run.begin();
    for (let round = 1; round <= rounds; round += 1) await run.round(round);
    return run.report(rounds);
  } catch (error) {
    throw new Error(`round ${run.current} of seed ${seed} (CHANCERY_CRASH_SEED): ${(error as Error).message}`, {
      cause: error,
    });
  } finally {
    await run.end();
  }
}

class CrashRun {
  readonly #directory = mkdtempSync(join(tmpdir(), 'chancery-kill-'));
  readonly #random: Seeded;
  readonly #journal = new Journal();
  readonly #sightings = new Sightings();
  #server: ControlPlane | undefined;
  #checked = 0;
  #killsWhileStarting = 0;
  current = 0;

  constructor(seed: number) {
    this.#random = seeded(seed);
  }

  async begin(): Promise<void> {
    this.#server = await startControlPlane(this.#directory);
    const { client } = this.#server;
    await client.create(namespaceKind, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    const workload = new Workload(client, this.#journal, this.#random, 0, () => undefined);
    for (const object of foundation) await workload.create(object);
  }

  async round(round: number): Promise<void> {
    this.current = round;
    await this.#killAtWork(this.#server!, round);
    await this.#killAtStart();
    this.#server = await startControlPlane(this.#directory);
    await this.#check(this.#server.client);
  }

  report(rounds: number): CrashReport {
    return {
      rounds,
      answeredWrites: this.#journal.answers,
      certificatesIssued: this.#sightings.issued.size,
      secretVersionsChecked: this.#checked,
      killsWhileStarting: this.#killsWhileStarting,
    };
  }

  async end(): Promise<void> {
    await this.#server?.kill();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  /** The moment is the n-th thing that happens, an answer or an event, and a few milliseconds more. */
  async #killAtWork(server: ControlPlane, round: number): Promise<void> {
    let left = this.#random.between(5, this.#random.chance(0.2) ? 2000 : 400);
    const pause = this.#random.between(0, 12);
    const due = Promise.withResolvers<void>();
    const count = (): void => {
      left -= 1;
      if (left === 0) due.resolve();
    };
    const workload = new Workload(server.client, this.#journal, this.#random, round, count);
    const watching = follow(server.client, namespace, this.#sightings, count, new AbortController().signal);
    const working = workload.run(writers);
    await Promise.race([due.promise, working]);
    await delay(pause);
    workload.stop();
    await server.kill();
    await Promise.all([working, watching]);
  }

  /** Now and then the next process does not get far either. */
  async #killAtStart(): Promise<void> {
    if (!this.#random.chance(0.3)) return;
    this.#killsWhileStarting += 1;
    const child = spawnControlPlane(this.#directory);
    await delay(this.#random.between(100, 1500));
    await endProcess(child, 'SIGKILL');
  }

  async #check(client: ApiClient): Promise<void> {
    await this.#resume(client);
    const watch = new AbortController();
    const watching = follow(client, namespace, this.#sightings, () => undefined, watch.signal);
    const state = await this.#settle(client);
    await this.#catchUp(state);
    watch.abort();
    await watching;
    const problems = [...violations(state, this.#journal, this.#sightings, new Date()), ...this.#checkVersions()];
    assert.deepEqual(problems.slice(0, mostProblems), []);
    this.#journal.accept(declaredObjects(state));
  }

  /** What is there was answered or was asked for; an issuer that others wait for may have been cut off. */
  async #resume(client: ApiClient): Promise<void> {
    const state = await readState(client);
    assert.deepEqual(this.#journal.compare(declaredObjects(state)).slice(0, mostProblems), []);
    this.#journal.accept(declaredObjects(state));
    const workload = new Workload(client, this.#journal, this.#random, this.current, () => undefined);
    for (const object of missingAuthorities(state)) await workload.create(object);
  }

  async #settle(client: ApiClient): Promise<State> {
    const until = Date.now() + settleMilliseconds;
    for (;;) {
      const state = await readState(client);
      const open = [...unsettled(state), ...leftoverKeys(state), ...lostRenewals(state, this.#journal)];
      if (open.length === 0 || Date.now() > until) return state;
      await delay(50);
    }
  }

  /** The watches must come to show what the lists show. */
  async #catchUp({ certificates, requests, secrets }: State): Promise<void> {
    const until = Date.now() + settleMilliseconds;
    const unseen = (): KubeObject[] =>
      [...certificates, ...requests, ...secrets].filter(
        (object) => !this.#sightings.hasSeen(object, versionOf(object)),
      );
    while (unseen().length > 0) {
      assert.ok(Date.now() < until, `the watch never showed ${unseen()[0]!.kind} ${unseen()[0]!.metadata.name}`);
      await delay(10);
    }
  }

  /** No version of a Secret that anyone could read may be half-written, the short-lived ones included. */
  #checkVersions(): string[] {
    const { unchecked } = this.#sightings;
    this.#checked += unchecked.length;
    this.#sightings.unchecked = [];
    return unchecked.flatMap((secret) => brokenSecret(secret, new Date()));
  }
}

async function readState(client: ApiClient): Promise<State> {
  const all = async <T>(kind: Parameters<ApiClient['list']>[0]): Promise<T[]> =>
    (await client.list(kind, { namespace })).items as T[];
  const [certificates, requests, secrets, issuers, configMaps] = await Promise.all([
    all<State['certificates'][number]>(certificateKind),
    all<State['requests'][number]>(certificateRequestKind),
    all<State['secrets'][number]>(secretKind),
    all<State['issuers'][number]>(issuerKind),
    all<State['configMaps'][number]>(configMapKind),
  ]);
  return { certificates, requests, secrets, issuers, configMaps };
}

/** The halves that are missing of an issuer and its CA, where anything names them. */
function missingAuthorities({ certificates, issuers }: State): KubeObject[] {
  const wanted = new Set([
    ...issuers.flatMap(({ spec }) => spec.ca?.secretName ?? []),
    ...certificates.map(({ spec }) => spec.issuerRef.name),
  ]);
  return [...wanted]
    .filter((name) => name !== 'selfsigned')
    .flatMap((name) => {
      const [certificate, issuer] = authority(name, 'selfsigned', { algorithm: 'ECDSA', size: 256 });
      const lacking = [
        certificates.some(({ metadata }) => metadata.name === name) ? [] : [certificate],
        issuers.some(({ metadata }) => metadata.name === name) ? [] : [issuer],
      ];
      return lacking.flat() as KubeObject[];
    });
}
