export { Tag, constructedTag, contextTag } from './tags.ts';
export { DERCursor, DERElement, asBuffer, parseDER, parseSequence } from './reader.ts';
export type { DERLimits } from './reader.ts';
export { bitString, encode, explicit, namedBits, octetString, sequence, setOf } from './writer.ts';
export { integer, readInteger, readIntegerOctets, readSmallInteger, unsignedInteger } from './integer.ts';
export { derFalse, derNull, derTrue, readBitString, readBoolean, readNamedBits, readOctetString } from './primitive.ts';
export { isOID, oid, readOID, rememberOIDs } from './oid.ts';
export {
  bmpOctets,
  bmpString,
  directoryString,
  ia5String,
  isASCII,
  isTextTag,
  readIA5,
  readText,
  utf8String,
} from './text.ts';
export { readTime, time } from './time.ts';
export { malformedDER } from './malformed.ts';
