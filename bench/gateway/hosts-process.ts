/**
 * The data plane with many hosts, each with a certificate of its own; told so, it replaces one after the other. Prints its
 * port, then memory and the number of replacements whenever a line comes in.
 */
import { createInterface } from 'node:readline';
import { openGateway } from '#edge/gateway';
import { makeAuthority, type BenchAuthority } from './material.ts';
import { listenerPlan } from './plans.ts';

const [hosts = 0, everyMilliseconds = 0] = process.argv.slice(2).map(Number);
const nowhere = (): void => undefined;
const authority: BenchAuthority = makeAuthority();
const gateway = await openGateway({
  host: '127.0.0.1',
  port: 0,
  log: { info: nowhere, warn: nowhere, error: nowhere },
});
const before = process.memoryUsage().rss;
const plan = (index: number) =>
  listenerPlan(authority.issue([`host-${index}.example.com`]), `host-${index}.example.com`);
for (let index = 0; index < hosts; index += 500) {
  const listeners = Array.from({ length: Math.min(500, hosts - index) }, (_, offset) => plan(index + offset));
  if (gateway.apply({ listeners }).length > 0) throw new Error('a listener was refused');
}
console.log(JSON.stringify({ port: gateway.address.port, ca: authority.caPEM }));

let replaced = 0;
function replaceNext(): void {
  const refused = gateway.apply({ listeners: [plan(replaced % hosts)] });
  if (refused.length > 0) throw new Error(JSON.stringify(refused));
  replaced += 1;
}

for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'replace') setInterval(replaceNext, everyMilliseconds).unref();
  else {
    const { rss } = process.memoryUsage();
    console.log(JSON.stringify({ bytesPerHost: (rss - before) / hosts, replaced }));
  }
}
process.exit();
