import type { DemoResult } from './demo.ts';
import type { Count } from './load/tally.ts';

/** The tally for people, or as one line of JSON. */
export function print(result: DemoResult, asJSON: boolean): void {
  const { handshakes, control, oldCARefused, drivers } = result;
  if (asJSON) {
    const { total, failed } = handshakes;
    const told = { handshakes: { total, failed }, control: { failed: control.failed }, oldCARefused, drivers };
    line(JSON.stringify(told));
    return;
  }
  line(`\nTwo rotations in stages: ${countText(handshakes)}`);
  for (const { caller, server, count } of result.rows) line(`  ${caller} at ${server}: ${countText(count)}`);
  line(`The same without stages: ${countText(control)}`);
  line(`After each rotation the old CA was ${oldCARefused ? 'refused everywhere' : 'STILL ACCEPTED'}.`);
}

function countText({ total, failed, ends }: Count): string {
  const reasons = [...ends].map(([end, times]) => `${times} ${end}`).join(', ');
  return `${total} full handshakes, ${failed} failed${reasons === '' ? '' : ` (${reasons})`}`;
}

const line = (text: string): void => void process.stdout.write(`${text}\n`);
