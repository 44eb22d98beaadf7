import { driverContract } from './driver-contract.ts';
import { nodeServer } from './servers.ts';

for (const type of ['hot', 'signal', 'http'] as const) {
  driverContract(`Node, ${type}`, { skip: false }, (folder) => nodeServer(folder, type));
}
