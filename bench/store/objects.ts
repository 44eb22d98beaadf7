/**
 * The object level of the store: what one write of a 4 kB Certificate costs, in memory (the object level nearly alone)
 * and in SQLite (with the disk), and what a thousand watchers cost. Prints a table, and JSON with --json. The number of
 * objects can be given: node bench/store/objects.ts [objects].
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openMemoryStore, openSqliteStore } from '#control/store';
import type { Named, Ref, ResourceStore, WriteOptions } from '#control/store';
import type { Draft } from '#model/objects';
import { builtinKinds, certificateKind, configMapKind, createRegistry, namespaceKind } from '#model/resources';
import type { Certificate, ConfigMap } from '#model/resources';

const { values: options, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: 'boolean' } } });
const count = Number(positionals[0] ?? 5000);
const callers = 64;
const registry = createRegistry(builtinKinds);
const results: { readonly name: string; readonly figure: number; readonly unit: string }[] = [];

const by: WriteOptions = { manager: 'bench', user: { username: 'bench' } };
const certificates: Ref<Certificate> = { kind: certificateKind, namespace: 'bench' };
const configMaps: Ref<ConfigMap> = { kind: configMapKind, namespace: 'bench' };

const report = (name: string, figure: number, unit: string) =>
  results.push({ name, figure: Number(figure.toPrecision(4)), unit });

function named(index: number): Named<Certificate> {
  return { ...certificates, name: `c${index}` };
}

function numbered(length: number, entry: (index: number) => [string, string]): Record<string, string> {
  return Object.fromEntries(Array.from({ length }, (_, index) => entry(index)));
}

function certificate(index: number): Draft<Certificate> {
  const name = `c${index}`;
  return {
    apiVersion: 'cert-manager.io/v1',
    kind: 'Certificate',
    metadata: {
      name,
      labels: numbered(12, (index) => [`example.com/label-${index}`, `value-of-label-${index}`]),
      annotations: numbered(8, (index) => [`example.com/annotation-${index}`, 'x'.repeat(100)]),
    },
    spec: {
      secretName: `${name}-tls`,
      commonName: name,
      issuerRef: { name: 'ca' },
      dnsNames: Array.from({ length: 30 }, (_, index) => `host-${index}.apic.svc.cluster.local`),
      duration: '2160h0m0s',
      usages: ['digital signature', 'key encipherment', 'server auth'],
    },
  };
}

async function judge(store: ResourceStore, index: number, revision: number): Promise<void> {
  const live = (await store.get(named(index)))!;
  const conditions = [{ type: 'Ready', status: 'True', reason: 'Ready', message: 'up to date' }] as const;
  const status = { ...live.status, conditions: [...conditions], revision };
  await store.update(named(index), { ...live, status }, { ...by, manager: 'loop', subresource: 'status' });
}

/** Runs `work` for the numbers below `count`, `callers` at a time. */
async function measure(name: string, work: (index: number) => Promise<unknown>): Promise<void> {
  const [started, cpu] = [performance.now(), process.cpuUsage()];
  let next = 0;
  const caller = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: callers }, caller));
  const { user, system } = process.cpuUsage(cpu);
  report(name, (count / (performance.now() - started)) * 1000, '/s');
  report(`${name}: CPU`, (user + system) / count, 'µs each');
}

async function operations(name: string, store: ResourceStore): Promise<void> {
  await store.create({ kind: namespaceKind }, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'bench' } }, by);
  await measure(`${name}: create`, (index) => store.create(certificates, certificate(index), by));
  report(`${name}: size of an object`, JSON.stringify(await store.get(named(0))).length, 'bytes');
  await measure(`${name}: first status`, (index) => judge(store, index, 1));
  await measure(`${name}: status again`, (index) => judge(store, index, 2));
  await measure(`${name}: unchanged status`, (index) => judge(store, index, 2));
  await measure(`${name}: unchanged update`, (index) => store.update(named(index), certificate(index), by));
  const body = { metadata: { labels: { added: 'yes' } } };
  await measure(`${name}: merge patch`, (index) => store.patch(named(index), { type: 'merge', body }, by));
  await measure(`${name}: apply`, (index) =>
    store.patch(named(index), { type: 'apply', body: certificate(index), force: true }, by),
  );
  const started = performance.now();
  const { items } = await store.list(certificates);
  report(`${name}: list of ${items.length}`, performance.now() - started, 'ms');
  await measure(`${name}: delete`, (index) => store.delete(named(index), by));
}

/** One object changes a thousand times, and a thousand watchers see each change. */
async function watchers(store: ResourceStore): Promise<void> {
  const [watcherCount, changes] = [1000, 1000];
  const from = await store.currentRevision();
  const ending = new AbortController();
  const [started, cpu] = [performance.now(), process.cpuUsage()];
  const watch = async () => {
    let seen = 0;
    for await (const _event of store.watch(configMaps, { from, signal: ending.signal })) if (++seen === changes) return;
  };
  const watching = Array.from({ length: watcherCount }, watch);
  for (let index = 0; index < changes; index += 1) {
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { x: `${index}` } };
    if (index === 0) await store.create(configMaps, object, by);
    else await store.update({ ...configMaps, name: 'a' }, object, by);
  }
  await Promise.all(watching);
  const { user, system } = process.cpuUsage(cpu);
  report('1,000 watchers of 1,000 changes', performance.now() - started, 'ms');
  report('1,000 watchers of 1,000 changes: CPU', (user + system) / (watcherCount * changes), 'µs each');
}

const directory = mkdtempSync(join(tmpdir(), 'chancery-bench-'));
try {
  const memory = openMemoryStore({ registry, cacheBytes: 256 * 2 ** 20 });
  await operations('memory', memory);
  await watchers(memory);
  await memory.close();
  const sqlite = await openSqliteStore({ registry, dataDirectory: directory });
  await operations('SQLite', sqlite);
  await sqlite.close();
} finally {
  rmSync(directory, { recursive: true, force: true });
}

if (options.json) console.log(JSON.stringify(results, null, 2));
else
  for (const { name, figure, unit } of results)
    console.log(`${name.padEnd(44)} ${String(figure).padStart(10)} ${unit}`);
