/** A new seed for every run, or that of a run that failed. */
export function crashSeed(): number {
  const given = process.env['CHANCERY_CRASH_SEED'];
  return given === undefined ? Math.floor(Math.random() * 2 ** 32) : Number(given);
}
