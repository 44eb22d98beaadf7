import type { CertificateSpec } from '#model/resources';
import { nextCommonName } from './authority-names.ts';

export type SubjectFields = Pick<CertificateSpec, 'commonName' | 'literalSubject'>;

/** The fields of the spec that name the CA which follows: the same name, with the next number. */
export function subjectAfter({ commonName, literalSubject }: SubjectFields): SubjectFields & { commonName?: string } {
  if (literalSubject === undefined) return { commonName: nextCommonName(commonName ?? 'CA') };
  const named = literalSubject.replace(
    /(^|[,+]\s*)(CN=)((?:\\.|[^,+\\])*)/i,
    (_, before: string, key: string, name: string) => `${before}${key}${nextCommonName(name)}`,
  );
  return { literalSubject: named === literalSubject ? `CN=${nextCommonName('CA')},${literalSubject}` : named };
}
