/** `npm run bench [-- SUITE...]`: runs the suites one after the other, each in a process of its own. */
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const suites = new Map(
  globSync(`${here}*/main.ts`)
    .toSorted()
    .map((file) => [relative(here, dirname(file)), file]),
);
const wanted = process.argv.slice(2);

for (const name of wanted.length > 0 ? wanted : suites.keys()) {
  const file = suites.get(name);
  if (file === undefined) {
    console.error(`There is no suite "${name}": choose among ${[...suites.keys()].join(', ')}.`);
    process.exitCode = 2;
    break;
  }
  console.log(`\n== ${name}`);
  if (spawnSync(process.execPath, [file], { stdio: 'inherit' }).status !== 0) process.exitCode = 1;
}
