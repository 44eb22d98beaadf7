import { latin1 } from './latin1.ts';
import { uint16 } from './uint16.ts';

/** RFC 7301 section 3.1: names with a length byte each, after the length of the list. Reads as far as they make sense. */
export function readALPN(extension: Uint8Array): string[] {
  const names: string[] = [];
  for (let offset = 2; offset < extension.length;) {
    const end = offset + 1 + (extension[offset] as number);
    if (end > extension.length) break;
    names.push(latin1(extension.subarray(offset + 1, end)));
    offset = end;
  }
  return names;
}

const [oldestVersion, newestVersion] = [0x0301, 0x0304];

/** RFC 8446 section 4.2.1. Versions that do not exist (RFC 8701 sends some on purpose) are passed over. */
export function readHighestVersion(extension: Uint8Array | undefined): number | undefined {
  let highest: number | undefined;
  if (extension === undefined) return highest;
  for (let offset = 1; offset + 1 < extension.length; offset += 2) {
    const version = uint16(extension, offset);
    const exists = version >= oldestVersion && version <= newestVersion;
    if (exists && version > (highest ?? 0)) highest = version;
  }
  return highest;
}
