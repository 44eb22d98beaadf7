/** `ns/name` of the Workload that `text` names, which is a name or `namespace/name`, seen from `namespace`. */
export function workloadTerm(text: string, namespace: string | undefined): string {
  return text.includes('/') ? text : `${namespace ?? ''}/${text}`;
}
