import type { CertificateItem, CertificateSummary, ChainNode, InspectedItem, Inspection } from '#pki/inspect';
import { paint, type CliIO } from '../../io.ts';
import { humanDuration } from '../../text/duration.ts';

/** What painting and ages need of the world. */
export type Painter = Pick<CliIO, 'isTerminal' | 'env' | 'now'>;

/** Who signed whom, as a tree: signers on top, and a line for each that is not at hand. */
export function formatChains(io: Painter, { chains, items }: Inspection): string {
  if (chains.length === 0) return '';
  const lines = chains.flatMap((root) => drawRoot(io, items, root));
  return `Chain\n${lines.map((line) => `  ${line}\n`).join('')}`;
}

function drawRoot(io: Painter, items: readonly InspectedItem[], root: ChainNode): string[] {
  if (root.missingIssuer === undefined) return drawNode(io, items, root);
  const missing = paint(io, 'yellow', `(${root.missingIssuer}: not at hand)`);
  return [missing, ...drawBranch(drawNode(io, items, root), true)];
}

function drawNode(io: Painter, items: readonly InspectedItem[], { item, signed }: ChainNode): string[] {
  const { certificate } = items[item] as CertificateItem;
  const title = `[${item}] ${certificate.subject || '(empty subject)'}`;
  const line = `${title}  ${paint(io, 'dim', roleOf(certificate))}, ${validityText(io, certificate)}`;
  const below = signed.flatMap((child, index) => drawBranch(drawNode(io, items, child), index === signed.length - 1));
  return [line, ...below];
}

/** The lines of one subtree, hung onto the line above. */
function drawBranch(lines: readonly string[], isLast: boolean): string[] {
  const [first, rest] = isLast ? ['└─ ', '   '] : ['├─ ', '│  '];
  return lines.map((line, index) => `${index === 0 ? first : rest}${line}`);
}

export function roleOf({ isCA, isSelfSigned }: CertificateSummary): string {
  if (isCA) return isSelfSigned ? 'root CA' : 'intermediate CA';
  return isSelfSigned ? 'self-signed' : 'end entity';
}

function validityText(io: Painter, { validity, notBefore, notAfter, daysLeft }: CertificateSummary): string {
  const from = (instant: Date): string => humanDuration((instant.getTime() - io.now().getTime()) / 1000);
  if (validity === 'expired') return paint(io, 'red', `expired ${from(notAfter)} ago`);
  if (validity === 'not-yet-valid') return paint(io, 'red', `not valid for another ${from(notBefore)}`);
  return paint(io, daysLeft < 30 ? 'yellow' : 'green', `${from(notAfter)} left`);
}
