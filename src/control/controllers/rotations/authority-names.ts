import type { Certificate } from '#model/resources';

/** The Certificate that makes the next CA. */
export const nextCertificateName = ({ metadata }: Certificate): string => `${metadata.name}-next`;

const longestCommonName = 64;

/** `internal root` is followed by `internal root G2`, that by `internal root G3`. */
export function nextCommonName(commonName: string): string {
  const [, base = commonName, number = '1'] = /^(.*) G(\d+)$/.exec(commonName) ?? [];
  const suffix = ` G${Number(number) + 1}`;
  return `${base.slice(0, longestCommonName - suffix.length)}${suffix}`;
}
