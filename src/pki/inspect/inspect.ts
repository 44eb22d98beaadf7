import { formatKeySpec } from '#pki/x509';
import { certificateWarnings } from './certificate-warnings.ts';
import { chainWarnings, countWarnings, duplicateWarnings, orderWarnings } from './chain-warnings.ts';
import { drawChains } from './chains.ts';
import { gather } from './gather.ts';
import type { Gathered, Part } from './gathered.ts';
import type { InspectOptions, InspectedItem, Inspection, Source, Warning } from './inspection.ts';
import { linkSigners } from './signers.ts';
import type { Signed } from './signers.ts';
import { matchesOf, sourceWarnings } from './source-warnings.ts';
import { summarizeCertificate, summarizeRequest } from './summaries.ts';
import { bySeverity } from './warning.ts';

/**
 * Looks at several sources as one: a Secret's `tls.crt`, `tls.key` and `ca.crt`, or a file. Fails with `unrecognized`,
 * `pem-malformed`, `keystore-malformed`, `keystore-unsupported` when a source cannot be read as a whole, and with
 * `keystore-password-wrong`.
 */
export function inspect(sources: readonly Source[], options: InspectOptions): Inspection {
  const gathered = sources.map((source) => gather(source, options));
  const all: Gathered = {
    sources: gathered.flatMap((one) => one.sources),
    parts: gathered.flatMap((one) => one.parts),
  };
  const certificates = linkSigners(all.parts);
  return {
    sources: all.sources,
    items: all.parts.map((part) => itemOf(part, all.parts, options.now)),
    chains: drawChains(certificates),
    warnings: bySeverity(warningsOf(all, certificates, options.now)),
  };
}

/** `inspect` of one source without a name. */
export function inspectBytes(bytes: Uint8Array, options: InspectOptions): Inspection {
  return inspect([{ name: '', bytes }], options);
}

function warningsOf(all: Gathered, certificates: readonly Signed[], now: Date): Warning[] {
  return [
    ...sourceWarnings(all),
    ...certificates.flatMap((signed) => [...certificateWarnings(signed, now), ...chainWarnings(signed, now)]),
    ...orderWarnings(certificates),
    ...duplicateWarnings(all.parts),
    ...countWarnings(all.parts, certificates),
  ];
}

function itemOf(part: Part, parts: readonly Part[], now: Date): InspectedItem {
  const { source, place } = part;
  switch (part.type) {
    case 'certificate': {
      const certificate = summarizeCertificate(part.certificate, now);
      return { source, place, type: 'certificate', certificate, ...(part.role && { role: part.role }) };
    }
    case 'key': {
      const algorithm = part.key && formatKeySpec(part.key.spec);
      const matches = matchesOf(part, parts);
      return { source, place, type: 'key', algorithm, locked: part.key === undefined, matches };
    }
    case 'request':
      return { source, place, type: 'request', request: summarizeRequest(part.request) };
    case 'other':
      return { source, place, type: 'other', what: part.what };
    case 'damaged':
      break;
  }
  return { source, place, type: 'damaged', code: part.error.code, message: part.error.message };
}
