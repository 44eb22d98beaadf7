/** A JSON value as it travels through the API. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json | undefined };

export interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
}

/** Which fields one manager owns, in the encoding of Kubernetes' `FieldsV1`. */
export interface ManagedFieldsEntry {
  manager?: string;
  operation?: 'Apply' | 'Update';
  apiVersion?: string;
  time?: string;
  fieldsType?: 'FieldsV1';
  fieldsV1?: { [path: string]: Json | undefined };
  subresource?: string;
}

/** `metadata` of a stored object. Times are RFC 3339 with whole seconds and `Z`. */
export interface ObjectMeta {
  name: string;
  generateName?: string;
  namespace?: string;
  uid: string;
  /** Opaque above the store; decimal. */
  resourceVersion: string;
  /** Counts the changes of everything but metadata and status. */
  generation?: number;
  creationTimestamp: string;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  labels?: { [key: string]: string };
  annotations?: { [key: string]: string };
  finalizers?: string[];
  ownerReferences?: OwnerReference[];
  managedFields?: ManagedFieldsEntry[];
}

/** An object as stored and served: complete metadata, everything else by kind. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
}

/** What a client sends: the same shape, but metadata may hold only what the client knows. */
export type Draft<T extends KubeObject = KubeObject> = Omit<T, 'metadata'> & { metadata: Partial<ObjectMeta> };

/** `status.conditions[]` of the cert-manager kinds. */
export interface Condition {
  type: string;
  status: 'True' | 'False' | 'Unknown';
  lastTransitionTime?: string;
  reason?: string;
  message?: string;
  observedGeneration?: number;
}
