/** `npm run demo:rotation`: a CA is replaced under running mutual TLS, twice in stages, then once without. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Demo } from './demo.ts';
import { print } from './print.ts';

const { values } = parseArgs({ options: { quick: { type: 'boolean' }, json: { type: 'boolean' } } });
const folder = mkdtempSync(join(tmpdir(), 'chancery-demo-'));
mkdirSync(join(folder, 'callers'));
const say = (text: string): void => void (values.json ? 0 : process.stdout.write(text));
const demo = new Demo(folder, { isQuick: values.quick === true, say });

async function close(): Promise<void> {
  await demo.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** The servers are processes of their own, and would go on. */
function interrupt(): void {
  close().then(
    () => process.exit(130),
    () => process.exit(1),
  );
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupt);
try {
  const result = await demo.run();
  print(result, values.json === true);
  process.exitCode = result.handshakes.failed === 0 && result.oldCARefused ? 0 : 1;
} finally {
  await close();
}
