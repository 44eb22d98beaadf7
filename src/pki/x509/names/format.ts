import { attributeKey } from './attributes.ts';
import { isHexValue } from './name.ts';
import type { Name, NameAttribute } from './name.ts';

/**
 * RFC 4514 text: last RDN first, `CN=a,O=b`. Types without a usual short name are dotted; a value that is no string is
 * shown as `#` and hexadecimal DER. Parsing the text gives the name back, string types aside.
 */
export function formatName(name: Name): string {
  return name
    .toReversed()
    .map((rdn) => rdn.map(formatAttribute).join('+'))
    .join(',');
}

function formatAttribute({ type, value, tag }: NameAttribute): string {
  const isHex = tag === undefined && isHexValue(value);
  return `${attributeKey(type) ?? type}=${isHex ? value : escapeValue(value)}`;
}

/** RFC 4514 2.4, and control characters in hexadecimal, so that the text is safe to print. */
function escapeValue(value: string): string {
  return value
    .replaceAll(/["+,;<>\\]/g, String.raw`\$&`)
    .replace(/(?<=.) $/s, String.raw`\ `)
    .replace(/^[ #]/, String.raw`\$&`)
    .replaceAll(/\p{Cc}/gu, escapeOctets);
}

function escapeOctets(character: string): string {
  return Array.from(Buffer.from(character, 'utf8'), (octet) => `\\${octet.toString(16).padStart(2, '0')}`).join('');
}
