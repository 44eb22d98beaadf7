/** A process that plays instances of Workloads, and has them call each other. */
import type { SecureContext } from 'node:tls';
import { Connection } from '#edge/following';
import { readHost } from '../names.ts';
import { keepCalling } from './background.ts';
import { Counts } from './counts.ts';
import { Hosts } from './handshakes.ts';
import type { Call, FleetOrders, FromFleet, ToFleet } from './messages.ts';
import { SimulatedInstance } from './simulated-instance.ts';
import { Turns } from './turns.ts';

const proofsAtOnce = 4;
const startsAtOnce = 16;

const counts = new Counts();
/** By Workload and instance. */
const instances = new Map<string, SimulatedInstance>();
let latency = 0;
let stopCalling: () => void = () => undefined;

const keyOf = (workload: string, instance: string): string => `${workload}/${instance}`;

const hosts = new Hosts((host) => {
  const { workload, instance, certificate } = readHost(host);
  return instances.get(keyOf(workload, instance))?.contextOf(certificate);
});

const identityOf = ({ caller, presents }: Call): SecureContext | undefined =>
  instances.get(keyOf(caller.workload, caller.instance))?.contextOf(presents);

async function start(orders: FleetOrders): Promise<void> {
  const { access, namespace, posts, calls, callsPerSecond } = orders;
  latency = orders.latencyMilliseconds;
  await hosts.listen();
  const turns = new Turns(proofsAtOnce);
  const all = posts.map((post) => {
    // Each has the connections that an agent's process has.
    const connection = new Connection(() => access);
    const shared = { connection, namespace, hosts, counts, turns, latency: () => latency };
    const instance = new SimulatedInstance({ ...shared, post });
    instances.set(keyOf(post.workload, post.instance), instance);
    return instance;
  });
  const left = [...all];
  const starting = async (): Promise<void> => {
    for (let one = left.shift(); one !== undefined; one = left.shift()) await one.start();
  };
  await Promise.all(Array.from({ length: startsAtOnce }, starting));
  stopCalling = keepCalling({ calls, perSecond: callsPerSecond, hosts, identityOf, counts });
}

async function stop(): Promise<void> {
  stopCalling();
  await Promise.all([...instances.values()].map((one) => one.stop()));
  hosts.close();
}

const say = (message: FromFleet): void => void process.send!(message);

process.on('message', (message: ToFleet) => {
  if (message.do === 'start') void start(message.orders).then(() => say({ said: 'started' }));
  else if (message.do === 'latency') latency = message.milliseconds;
  else if (message.do === 'tally') say({ said: 'tally', tally: counts.tally });
  else void stop().then(() => say({ said: 'stopped' }));
});
process.once('disconnect', () => process.exit());
