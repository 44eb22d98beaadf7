import { CodedError } from '#errors';
import {
  DERCursor,
  Tag,
  constructedTag,
  contextTag,
  encode,
  explicit,
  ia5String,
  malformedDER,
  oid,
  parseDER,
  readIA5,
  readOID,
  readText,
  sequence,
  utf8String,
} from '../der/index.ts';
import type { DERElement } from '../der/index.ts';
import { encodeName, readName } from '../names/name.ts';
import type { Name } from '../names/name.ts';
import { formatIP, parseIP } from './ip.ts';

/** GeneralName (RFC 5280 4.2.1.6). `x400`, `ediParty` and other names whose value is no UTF8String keep their DER. */
export type GeneralName =
  | { readonly type: 'dns' | 'email' | 'uri' | 'ip' | 'registeredID'; readonly value: string }
  | { readonly type: 'directory'; readonly name: Name }
  | { readonly type: 'other'; readonly oid: string; readonly utf8Value?: string; readonly der?: Uint8Array }
  | { readonly type: 'opaque'; readonly der: Uint8Array };

/** Far more than any client reads; what is read can be written again without deep stacks. */
const maxNames = 10_000;

const tags = { email: contextTag(1), dns: contextTag(2), uri: contextTag(6), ip: contextTag(7), oid: contextTag(8) };
const directoryTag = constructedTag(4);
const otherTag = constructedTag(0);

/** DER of one name. Fails with name-malformed for a text that its type cannot hold. */
export function encodeGeneralName(name: GeneralName): Uint8Array {
  switch (name.type) {
    case 'dns':
    case 'email':
    case 'uri':
      return encodeIA5(name.type, name.value);
    case 'ip':
      return encode(tags.ip, ipOctets(name.value));
    case 'registeredID':
      return encode(tags.oid, oid(name.value).subarray(2));
    case 'directory':
      return encode(directoryTag, encodeName(name.name));
    case 'other':
      return encode(otherTag, oid(name.oid), explicit(0, name.der ?? utf8String(name.utf8Value ?? '')));
    case 'opaque':
      break;
  }
  return name.der;
}

/** Reads GeneralNames, of which there is at least one. Fails with der-malformed. */
export function readGeneralNames(element: DERElement, what: string): GeneralName[] {
  const elements = element.children();
  if (elements.length > maxNames) throw malformedDER(`${what} has more than ${maxNames} names`, element.start);
  const names = elements.map((name) => readGeneralName(name, what));
  if (names.length === 0) throw malformedDER(`${what} is empty`, element.start);
  return names;
}

export function readGeneralName(element: DERElement, what: string): GeneralName {
  switch (element.tag) {
    case tags.email:
      return { type: 'email', value: readIA5(element, what) };
    case tags.dns:
      return { type: 'dns', value: readIA5(element, what) };
    case tags.uri:
      return { type: 'uri', value: readIA5(element, what) };
    case tags.ip:
      return readIP(element, what);
    case directoryTag:
      return { type: 'directory', name: readDirectory(element, what) };
    case otherTag:
      return readOther(element, what);
    case tags.oid:
      return { type: 'registeredID', value: readRegisteredID(element) };
    default:
      return readOpaque(element, what);
  }
}

function encodeIA5(type: 'dns' | 'email' | 'uri', value: string): Uint8Array {
  try {
    return ia5String(value, tags[type]);
  } catch {
    throw new CodedError('name-malformed', `${type} name "${value}" has characters outside ASCII`, {
      hint: 'Write international domain names in their xn-- form.',
    });
  }
}

function ipOctets(value: string): Uint8Array {
  const octets = parseIP(value);
  if (octets === undefined) throw new CodedError('name-malformed', `"${value}" is not an IP address`);
  return octets;
}

function readIP(element: DERElement, what: string): GeneralName {
  const value = formatIP(element.content);
  if (value === undefined) throw malformedDER(`${what}: IP address of ${element.length} octets`, element.start);
  return { type: 'ip', value };
}

/** `directoryName` is a CHOICE, so its tag is explicit (X.680 31.2.7). */
function readDirectory(element: DERElement, what: string): Name {
  const fields = new DERCursor(element);
  const name = readName(fields.next(), what);
  fields.finish(what);
  return name;
}

function readOther(element: DERElement, what: string): GeneralName {
  const fields = new DERCursor(element);
  const type = readOID(fields.next(), what);
  const wrapper = new DERCursor(fields.next(constructedTag(0), what));
  const value = wrapper.next();
  wrapper.finish(what);
  fields.finish(what);
  if (value.tag === Tag.utf8String) return { type: 'other', oid: type, utf8Value: readText(value, what) };
  return { type: 'other', oid: type, der: value.raw };
}

function readRegisteredID(element: DERElement): string {
  return readOID(parseDER(encode(Tag.oid, element.content)), 'registered ID');
}

function readOpaque(element: DERElement, what: string): GeneralName {
  if (element.tag !== constructedTag(3) && element.tag !== constructedTag(5)) {
    throw malformedDER(`${what} is of no known type`, element.start);
  }
  return { type: 'opaque', der: element.raw };
}

/** DER of GeneralNames. */
export function encodeGeneralNames(names: readonly GeneralName[]): Uint8Array {
  return sequence(...names.map(encodeGeneralName));
}
