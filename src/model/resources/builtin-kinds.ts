import { certificateKind } from './certificate.ts';
import { certificateRequestKind } from './certificate-request.ts';
import { clusterIssuerKind } from './cluster-issuer.ts';
import { configMapKind } from './config-map.ts';
import { eventKind } from './event.ts';
import { issuerKind } from './issuer.ts';
import type { Kind } from './kind.ts';
import { namespaceKind } from './namespace.ts';
import { secretKind } from './secret.ts';

/** Every kind of this version. */
export const builtinKinds: readonly Kind[] = [
  namespaceKind,
  secretKind,
  configMapKind,
  eventKind,
  issuerKind,
  clusterIssuerKind,
  certificateKind,
  certificateRequestKind,
];
