/** Kubernetes' alphabet for generated names: no vowels and no digits that look like them. */
const alphabet = 'bcdfghjklmnpqrstvwxz2456789';
const suffixLength = 5;
const maximumBase = 63 - suffixLength;

/**
 * A name from `generateName`: the base, cut to 58 characters, and five random ones. `random` answers an integer in
 * [0, below).
 */
export function generateName(base: string, random: (below: number) => number): string {
  const suffix = Array.from({ length: suffixLength }, () => alphabet[random(alphabet.length)]);
  return `${base.slice(0, maximumBase)}${suffix.join('')}`;
}
