import { CodedError } from '#errors';
import type { Certificate } from '#pki/x509';
import { quoted, quotedName } from './facts.ts';
import type { IssuerFinder } from './issuer-finder.ts';
import { sizeLimits, tooLarge } from './limits.ts';
import type { ChainMaterial } from './material.ts';

/** Where a walk from a certificate to its issuers ended; the best first. */
const ends = ['root', 'issuer-missing', 'too-long', 'circle'] as const;

interface Walk {
  readonly end: (typeof ends)[number];
  readonly path: readonly Certificate[];
}

/** More ways up are not tried; a bundle in the middle of a cross-signed rotation has four. */
const maximumWalks = 200;

/**
 * The chain of `start` out of the finder's certificates, in whatever order they stood: to a root where one can be
 * reached, else as far as it goes. Errors: `chain-malformed` for one that only runs in a circle, `material-too-large`
 * for one of more than ten intermediates.
 */
export function buildChain(start: Certificate, finder: IssuerFinder, place: string): ChainMaterial {
  const found = walks([start], finder).take(maximumWalks).toArray();
  const best = found.reduce((a, b) => (ends.indexOf(b.end) < ends.indexOf(a.end) ? b : a));
  switch (best.end) {
    case 'root':
      return { chain: best.path.slice(0, Math.max(1, best.path.length - 1)), root: best.path.at(-1)! };
    case 'issuer-missing':
      return { chain: best.path, missingIssuer: best.path.at(-1)!.issuerText };
    case 'too-long':
      throw tooManyIntermediates(place);
    case 'circle':
      break;
  }
  throw circle(best.path, place);
}

/** Every way from the last certificate of `path` to an end, depth first. */
function* walks(path: readonly Certificate[], finder: IssuerFinder): Generator<Walk> {
  const end = endOf(path, finder);
  if (end !== undefined) yield { end, path };
  for (const issuer of end === undefined ? finder.issuersOf(path.at(-1)!) : []) {
    if (path.includes(issuer)) yield { end: 'circle', path };
    else yield* walks([...path, issuer], finder);
  }
}

/** Undefined while it goes on. */
function endOf(path: readonly Certificate[], finder: IssuerFinder): Walk['end'] | undefined {
  const last = path.at(-1)!;
  if (finder.isSelfSigned(last)) return 'root';
  if (path.length > sizeLimits.intermediates + 1) return 'too-long';
  return finder.issuersOf(last).length === 0 ? 'issuer-missing' : undefined;
}

function tooManyIntermediates(place: string): CodedError {
  const message = `${place}: its chain has more than ${sizeLimits.intermediates} intermediate certificates.`;
  return tooLarge(message, place, 'Leave out what is not between the certificate and its root.');
}

function circle(path: readonly Certificate[], place: string): CodedError {
  const last = path.at(-1)!;
  const message = `${place}: its chain runs in a circle: ${quotedName(last)} is issued by ${quoted(last.issuerText)}, which it leads to.`;
  return new CodedError('chain-malformed', message, {
    field: place,
    hint: 'Leave out the cross-signed certificates, or add the root that the chain shall end at.',
  });
}
