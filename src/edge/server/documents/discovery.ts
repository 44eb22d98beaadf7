import type { Json } from '#model/objects';
import type { ApiPath, MediaType } from '#edge/api';
import { mediaTypes } from '#edge/api';
import {
  aggregatedDiscovery,
  coreVersions,
  groupDocument,
  groupList,
  resourceList,
  servedResources,
} from '#model/resources';
import type { KindRegistry, ServedResource } from '#model/resources';
import { reviewKinds } from '../identity/reviews.ts';
import type { ReviewKind } from '../identity/reviews.ts';
import type { Answer } from '../answers/answer.ts';
import { jsonAnswer } from '../answers/answer.ts';
import { isJSON, notAcceptable } from '../answers/form.ts';
import type { Call } from '../requests/call.ts';
type AggregatedVersion = 'v2' | 'v2beta1';

/** Answers discovery: group by group, or all at once for clients that can take that. */
export function answerDiscovery(registry: KindRegistry): (call: Call, place: ApiPath) => Answer | undefined {
  const resources = [...servedResources(registry.kinds), ...reviewKinds.map(servedReview)];
  return (call, place) => {
    if (place.at === 'other' || place.at === 'resource') return undefined;
    const choice = chooseDiscovery(call.accept);
    if (choice !== 'legacy' && (place.at === 'core-versions' || place.at === 'groups')) {
      return aggregatedAnswer(
        aggregatedDiscovery(resources, place.at === 'core-versions' ? 'core' : 'groups', choice),
        choice,
      );
    }
    const document = legacyDocument(resources, place);
    return document === undefined ? undefined : jsonAnswer(document);
  };
}

function servedReview({ group, version, kind, plural, singular }: ReviewKind): ServedResource {
  return { group, version, kind, plural, singular, namespaced: false, verbs: ['create'] };
}

/** What of the acceptable types comes first. Fails with not-acceptable. */
export function chooseDiscovery(accept: readonly MediaType[]): 'legacy' | AggregatedVersion {
  for (const type of accept) {
    if (!isJSON(type)) continue;
    const { as, g: group, v: version } = type.parameters;
    if (as === undefined) return 'legacy';
    if (as !== 'APIGroupDiscoveryList' || group !== 'apidiscovery.k8s.io') continue;
    if (version === 'v2' || version === 'v2beta1') return version;
  }
  throw notAcceptable([mediaTypes.json]);
}

// Without these parameters a client would read the answer as the legacy kind.
function aggregatedAnswer(document: Json, version: AggregatedVersion): Answer {
  const contentType = `${mediaTypes.json};g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`;
  return { code: 200, contentType, body: JSON.stringify(document), headers: { vary: 'Accept' } };
}

function legacyDocument(resources: readonly ServedResource[], place: ApiPath): Json | undefined {
  if (place.at === 'core-versions') return coreVersions();
  if (place.at === 'groups') return groupList(resources);
  if (place.at === 'group') return groupDocument(resources, place.group);
  return place.at === 'group-version' ? resourceList(resources, place.group, place.version) : undefined;
}
