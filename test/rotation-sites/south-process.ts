/** What runs in the southern site beside its agent: the servers, and who calls from there. Order: JSON of SouthOrder. */
import { Calls, Outages, type Tally } from '../rotation-kill/calls.ts';
import { furnish, open, routesFrom } from './site.ts';
import type { SouthOrder, SouthWish } from './south.ts';

const { servers, restarting } = JSON.parse(process.argv[2] ?? '') as SouthOrder;
const outages = new Outages();
let calls: Calls | undefined;

const doing: Readonly<Record<SouthWish, () => Promise<Tally | undefined | void> | void>> = {
  furnish: () => {
    for (const server of servers) furnish(server);
  },
  open: async () => {
    for (const server of servers) await open('south', server);
  },
  call: () => {
    if (restarting.length > 0) outages.begin('restarts');
    calls = new Calls(routesFrom('south', servers, restarting), outages);
  },
  cut: () => outages.begin('link'),
  mend: () => outages.end('link'),
  stop: async () => {
    await calls?.stop();
    return calls?.tally;
  },
};

process.on('disconnect', () => process.exit(1));
process.on('message', (wish: SouthWish) => {
  void answer(wish);
});

/** What cannot be done ends the process, and with it the scenario. */
async function answer(wish: SouthWish): Promise<void> {
  const tally = await doing[wish]();
  process.send!({ answer: tally ?? null });
}
