/** The gateway's data plane alone, with one host and one API. What it loads comes on the input. */
import { json } from 'node:stream/consumers';
import { openGateway, type GatewayChange } from '#edge/gateway';

const change = (await json(process.stdin)) as GatewayChange;
const nowhere = (): void => undefined;
const gateway = await openGateway({
  host: '127.0.0.1',
  port: 0,
  log: { info: nowhere, warn: nowhere, error: nowhere },
});
const refused = gateway.apply(change);
if (refused.length > 0) throw new Error(JSON.stringify(refused));
console.log(gateway.address.port);
process.once('SIGTERM', () => process.exit());
