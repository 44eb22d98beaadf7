import type { Draft } from '#model/objects';
import { lastAppliedAnnotation, materialSecretTypes } from '../annotations.ts';
import type { Secret } from '../secret.ts';

type SecretDraft = Draft<Secret>;

/** A Secret as it is stored: texts folded into `data`, base64 on one line, the type said, no key outside `data`. */
export const admitSecret = (next: SecretDraft): SecretDraft => redactLastApplied(withType(onOneLine(folded(next))));

function folded(next: SecretDraft): SecretDraft {
  const { stringData, ...rest } = next;
  if (!isTexts(stringData)) return next;
  const values = Object.entries(stringData).map(([key, text]) => [key, Buffer.from(text).toString('base64')] as const);
  return values.length === 0 ? rest : { ...rest, data: { ...rest.data, ...Object.fromEntries(values) } };
}

/** What the schema would refuse is left for it to refuse. */
const isTexts = (value: unknown): value is Record<string, string> =>
  typeof value === 'object' && value !== null && Object.values(value).every((text) => typeof text === 'string');

/** Kubernetes takes base64 with line ends and answers without; hand-made manifests are full of them. */
function onOneLine(next: SecretDraft): SecretDraft {
  const { data } = next;
  if (!isTexts(data) || !Object.values(data).some((text) => /[\r\n]/.test(text))) return next;
  return {
    ...next,
    data: Object.fromEntries(Object.entries(data).map(([key, text]) => [key, text.replace(/[\r\n]+/g, '')])),
  };
}

function withType(next: SecretDraft): SecretDraft {
  return next.type === undefined || next.type === '' ? { ...next, type: 'Opaque' } : next;
}

const keyTypes: readonly unknown[] = ['kubernetes.io/tls', ...Object.values(materialSecretTypes)];

const holdsKeys = (type: unknown): boolean => keyTypes.includes(type);

/** Stands for a value in the annotation of `kubectl apply`; not base64, so that it cannot be taken for one. */
const redaction = '(redacted)';

/**
 * `kubectl apply` copies the whole Secret into an annotation, where private keys show up in every metadata listing. In
 * that copy the values of Secrets with keys are replaced; the keys stay, as the next apply needs only them to
 * know what it must remove.
 */
function redactLastApplied(next: SecretDraft): SecretDraft {
  const text = next.metadata.annotations?.[lastAppliedAnnotation];
  if (!holdsKeys(next.type) || typeof text !== 'string') return next;
  const annotations = { ...next.metadata.annotations, [lastAppliedAnnotation]: redactedCopy(text) };
  return { ...next, metadata: { ...next.metadata, annotations } };
}

function redactedCopy(text: string): string {
  try {
    const copy = JSON.parse(text) as Record<string, unknown>;
    for (const field of ['data', 'stringData']) {
      const values = copy[field];
      if (typeof values === 'object' && values !== null) {
        copy[field] = Object.fromEntries(Object.keys(values).map((key) => [key, redaction]));
      }
    }
    return `${JSON.stringify(copy)}\n`;
  } catch {
    return '{}\n';
  }
}

/** Says what client-side apply does to a Secret with keys. */
export function warnOfSecret({ type, metadata }: Secret): string[] {
  if (!holdsKeys(type) || metadata.annotations?.[lastAppliedAnnotation] === undefined) return [];
  return [
    `the values of this Secret are not kept in its annotation ${lastAppliedAnnotation}; apply it with --server-side to do without the annotation`,
  ];
}
