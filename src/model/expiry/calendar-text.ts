/** iCalendar text (RFC 5545 3.1 and 3.3.11). */

const longestLineOctets = 75;

/** A value of type TEXT: separators escaped, line ends as `\n`, other control characters dropped. */
export function escapeText(text: string): string {
  return text
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/[\\;,]/g, String.raw`\$&`)
    .replaceAll('\n', String.raw`\n`)
    .replaceAll(/\p{Cc}/gu, '');
}

/**
 * A content line with its end, folded so that no line is longer than 75 octets and no character is cut in two.
 */
export function foldLine(line: string): string {
  if (Buffer.byteLength(line) <= longestLineOctets) return `${line}\r\n`;
  let folded = '';
  let room = longestLineOctets;
  for (const character of line) {
    const octets = Buffer.byteLength(character);
    if (octets > room) {
      folded += '\r\n ';
      room = longestLineOctets - 1;
    }
    folded += character;
    room -= octets;
  }
  return `${folded}\r\n`;
}
