const encodings = new WeakMap<object, Map<string, Buffer>>();

/**
 * The encoding of `subject` in one form, made at the first call and shared by all later ones: a thousand watchers of one
 * change pay for one serialization. Lives as long as the subject, which must not change.
 */
export function encodeOnce(subject: object, form: string, encode: () => Buffer): Buffer {
  const forms = encodings.get(subject) ?? new Map<string, Buffer>();
  const bytes = forms.get(form) ?? encode();
  encodings.set(subject, forms.set(form, bytes));
  return bytes;
}
