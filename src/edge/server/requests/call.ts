import type { MediaType, ResourcePath } from '#edge/api';
import type { Kind, UserInfo } from '#model/resources';
import type { ReviewKind } from '../identity/reviews.ts';

/** An authenticated request, before its body is read. */
export interface Call {
  readonly method: string;
  /** Without the query, as sent. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly user: UserInfo;
  readonly accept: readonly MediaType[];
  readonly contentType: string | undefined;
  readonly userAgent: string;
  readonly etag: string | undefined;
  /** The one-time token of who has no other identity. */
  readonly token?: string;
  /** Allowed already, by what the object is to the user. */
  readonly isGranted?: boolean;
  /** Texts for `Warning` headers of the answer. */
  readonly warnings: Set<string>;
}

/** Kubernetes' verbs on stored resources. */
export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection';

/** A call whose path names a stored kind, with what it wants done to it. */
export interface ResourceCall extends Call {
  readonly place: ResourcePath;
  readonly kind: Kind;
  readonly verb: Verb;
}

/** A call that asks a self-review. */
export interface ReviewCall extends Call {
  readonly review: ReviewKind;
}
