const longestBase = 233;
const hashDigits = 16;

/**
 * Name of the CertificateRequest of one revision: `<certificate>-<revision>`. Certificate names above 233 characters
 * are cut and told apart by a hash, so that the name stays valid.
 */
export function requestName(certificateName: string, revision: number): string {
  return `${baseName(certificateName)}-${revision}`;
}

function baseName(name: string): string {
  if (name.length <= longestBase) return name;
  const cut = name.slice(0, longestBase - hashDigits - 1).replace(/[^a-z0-9]+$/, '');
  return `${cut}-${hash64(name)}`;
}

/** 64-bit FNV-1a, hexadecimal: stable, and long enough to tell names with one beginning apart. */
function hash64(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  }
  return hash.toString(16).padStart(hashDigits, '0');
}
