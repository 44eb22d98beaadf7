import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { CodedError } from '#errors';

/** Says what the file is, and in which version; authenticated with the rest. */
const magic = Buffer.from('chancery gateway snapshot 1\n');
const saltBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;
const headBytes = magic.length + saltBytes + nonceBytes;

/** A key of its own for every file: HKDF-SHA-256 (RFC 5869) of the node's own secret. */
function deriveKey(secret: string, salt: Uint8Array): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, salt, magic, 32));
}

/** Pieces of a sealed file (AES-256-GCM) whose content comes piece by piece. */
export async function* seal(secret: string, content: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  const head = Buffer.concat([magic, randomBytes(saltBytes + nonceBytes)]);
  const salt = head.subarray(magic.length, magic.length + saltBytes);
  const cipher = createCipheriv('aes-256-gcm', deriveKey(secret, salt), head.subarray(magic.length + saltBytes));
  cipher.setAAD(head);
  yield head;
  for await (const text of content) yield cipher.update(text, 'utf8');
  yield Buffer.concat([cipher.final(), cipher.getAuthTag()]);
}

/** The content of a sealed file. Fails with secret-malformed when a byte of it is missing or not as it was written. */
export function unseal(secret: string, sealed: Uint8Array): string {
  const file = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  if (file.length < headBytes + tagBytes || !file.subarray(0, magic.length).equals(magic)) {
    throw new CodedError('secret-malformed', 'the file is not a snapshot of a gateway, or only the beginning of one');
  }
  const head = file.subarray(0, headBytes);
  const salt = head.subarray(magic.length, magic.length + saltBytes);
  const decipher = createDecipheriv('aes-256-gcm', deriveKey(secret, salt), head.subarray(magic.length + saltBytes));
  decipher.setAAD(head);
  decipher.setAuthTag(file.subarray(file.length - tagBytes));
  try {
    const content = decipher.update(file.subarray(headBytes, file.length - tagBytes));
    decipher.final();
    return content.toString('utf8');
  } catch (cause) {
    throw new CodedError('secret-malformed', 'the snapshot was damaged, or written under another key', { cause });
  }
}
