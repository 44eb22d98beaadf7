const encodings = new WeakMap<object, Map<string, Buffer>>();

/**
 * The encoding of `subject` (an event, an object) in one form, made at the first call and shared by all later ones: a
 * thousand watchers of one change pay for one serialization. Lives as long as the subject, which must not change.
 */
export function encodeOnce(subject: object, form: string, encode: () => Buffer): Buffer {
  let forms = encodings.get(subject);
  if (forms === undefined) encodings.set(subject, (forms = new Map()));
  let bytes = forms.get(form);
  if (bytes === undefined) forms.set(form, (bytes = encode()));
  return bytes;
}
