import type { KindRegistry } from '#model/resources';
import type { ApiPath } from '#edge/api';
import type { Answer } from '../answers/answer.ts';
import type { Call } from '../requests/call.ts';
import { answerDiscovery } from './discovery.ts';
import { createOpenAPI } from './openapi.ts';
import { versionDocument } from './version.ts';
import { jsonAnswer } from '../answers/answer.ts';

/** Everything that the API says of itself. Made once, since kinds do not change while the server runs. */
export interface Documents {
  /** Undefined when there is no such document. Fails with not-acceptable. */
  find(call: Call, place: ApiPath): Answer | undefined;
}

export function createDocuments(registry: KindRegistry, version: string): Documents {
  const discover = answerDiscovery(registry);
  const openAPI = createOpenAPI(registry);
  const versionAnswer = jsonAnswer(versionDocument(version));
  return {
    find: (call, place) => {
      if (call.path === '/version' || call.path === '/version/') return versionAnswer;
      return discover(call, place) ?? openAPI(call);
    },
  };
}
