/** Runs one scenario of two sites in the northern one: NAME ORDER. Ends when its input ends. Its last line is the result. */
import { cutStages } from './cut-stages.ts';
import { cutWhileRestarting, restartInOrder } from './restarting.ts';

const scenarios: Readonly<Record<string, (order: never) => Promise<object>>> = {
  cutStages,
  restartInOrder,
  cutWhileRestarting,
};

const [name = '', order = '{}'] = process.argv.slice(2);
process.stdin.resume().once('end', () => process.exit(1));
const found = await scenarios[name]!(JSON.parse(order) as never);
process.stdout.write(`\n${JSON.stringify(found)}\n`, () => process.exit(0));
