import { CodedError } from '#errors';
import { asBuffer } from './der/index.ts';

/** One encapsulated block of a PEM text (RFC 7468). */
export interface PEMBlock {
  /** What stands after BEGIN: `CERTIFICATE`, `EC PRIVATE KEY`. */
  readonly label: string;
  readonly der: Uint8Array;
  /** Line of the BEGIN boundary, from 1. */
  readonly line: number;
  /** The block has RFC 1421 headers, which is how OpenSSL's old encrypted keys look. */
  readonly encrypted: boolean;
}

const maxPEMBytes = 16 * 1024 * 1024;
const begin = '-----BEGIN ';
const dashes = '-----';
/** Together with a length in fours; a pattern by fours would need a stack as deep as the text is long. */
const base64 = /^[A-Za-z0-9+/]+={0,2}$/;

/**
 * Every block of a PEM text, in order; text between the blocks is passed over. Line ends of any system and a byte order
 * mark are accepted. Fails with pem-malformed, naming the line, for a block without its END, one that does not decode,
 * or a text above 16 MiB. A text without any block gives an empty list.
 */
export function parsePEM(source: string | Uint8Array): PEMBlock[] {
  if (source.length > maxPEMBytes) throw new CodedError('pem-malformed', 'larger than 16 MiB');
  const text = typeof source === 'string' ? source : asBuffer(source).toString('latin1');
  const blocks: PEMBlock[] = [];
  let line = 1;
  let counted = 0;
  for (let at = findBegin(text, 0); at !== -1;) {
    line += countLines(text, counted, at);
    counted = at;
    const { block, end } = readBlock(text, at, line);
    blocks.push(block);
    at = findBegin(text, end);
  }
  return blocks;
}

/** The blocks whose label is one of `labels`. Fails with pem-malformed when there is none; `what` names what is missing. */
export function findPEM(source: string | Uint8Array, labels: readonly string[], what: string): PEMBlock[] {
  const blocks = parsePEM(source).filter((block) => labels.includes(block.label));
  if (blocks.length > 0) return blocks;
  throw new CodedError('pem-malformed', `no ${what} found`, { hint: `Give PEM with a "BEGIN ${labels[0]}" block.` });
}

/** One block, 64 columns, with a line end after the last line. */
export function formatPEM(label: string, der: Uint8Array): string {
  const encoded = asBuffer(der).toString('base64');
  let text = `-----BEGIN ${label}-----\n`;
  for (let at = 0; at < encoded.length; at += 64) text += `${encoded.slice(at, at + 64)}\n`;
  return `${text}-----END ${label}-----\n`;
}

function findBegin(text: string, from: number): number {
  let at = text.indexOf(begin, from);
  while (at > 0 && !startsLine(text, at)) at = text.indexOf(begin, at + begin.length);
  return at;
}

/** After a line end, or after a byte order mark however it was decoded. */
function startsLine(text: string, at: number): boolean {
  const before = text[at - 1]!;
  return '\n\r\uFEFF'.includes(before) || (at === 3 && text.startsWith('\u00EF\u00BB\u00BF'));
}

function readBlock(text: string, at: number, line: number): { block: PEMBlock; end: number } {
  const labelStart = at + begin.length;
  const bodyStart = text.indexOf(dashes, labelStart);
  const label = text.slice(labelStart, bodyStart);
  if (bodyStart === -1 || label.length > 64 || label.includes('\n'))
    throw malformed('BEGIN line is not complete', line);
  const bodyEnd = text.indexOf(dashes, bodyStart + dashes.length);
  const boundary = `-----END ${label}-----`;
  if (bodyEnd === -1 || !text.startsWith(boundary, bodyEnd)) throw malformed(`block has no ${boundary}`, line);
  const body = text.slice(bodyStart + dashes.length, bodyEnd);
  return { block: { label, line, ...decodeBody(body, line) }, end: bodyEnd + boundary.length };
}

function decodeBody(body: string, line: number): { der: Uint8Array; encrypted: boolean } {
  const blank = body.includes(':') ? /\r?\n\r?\n/.exec(body) : null;
  const encoded = (blank === null ? body : body.slice(blank.index)).replaceAll(/\s+/g, '');
  if (encoded.length % 4 !== 0 || !base64.test(encoded)) throw malformed('block is not base64', line);
  return { der: Buffer.from(encoded, 'base64'), encrypted: body.includes('ENCRYPTED') && blank !== null };
}

function countLines(text: string, from: number, to: number): number {
  let lines = 0;
  for (let at = text.indexOf('\n', from); at !== -1 && at < to; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
}

function malformed(message: string, line: number): CodedError {
  return new CodedError('pem-malformed', `${message} (block at line ${line})`, { field: `line ${line}` });
}
