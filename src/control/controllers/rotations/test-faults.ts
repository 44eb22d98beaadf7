import assert from 'node:assert/strict';
import fc from 'fast-check';
import { FaultyEstate } from './test-faulty-estate.ts';

const choices = fc.array(fc.nat(99_999), { minLength: 200, maxLength: 350 });

/** Runs an estate with these choices; answers who was refused first. */
async function run(estate: FaultyEstate, steps: readonly number[]): Promise<string | undefined> {
  for (const choice of steps) {
    await estate.step(choice);
    const refused = estate.refused();
    if (refused !== undefined) return refused;
  }
  return undefined;
}

/** In so many random runs nobody is ever refused, and every rotation ends when the faults do. */
export async function surviveFaults(numRuns: number): Promise<void> {
  const property = fc.asyncProperty(choices, async (steps) => {
    await using estate = await FaultyEstate.open();
    assert.equal(await run(estate, steps), undefined, estate.steps.join('\n'));
    const results = await estate.settle();
    assert.equal(estate.refused(), undefined, 'afterwards');
    const isOver = results.every((result) => result === 'succeeded' || result === 'rolledBack');
    assert.ok(isOver, `${results.join()}\n${estate.steps.join('\n')}`);
  });
  await fc.assert(property, { numRuns, endOnFailure: true });
}

/** Who is refused in the end when one instance answers Success and changes nothing. */
export async function rotateWithLiar(): Promise<string | undefined> {
  await using estate = await FaultyEstate.open();
  estate.nodes.at(-1)!.lies = true;
  await estate.settle();
  return estate.refused();
}
