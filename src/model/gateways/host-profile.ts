import { endpointTerm, serverTerms, systemNamespace } from '#model/resources';
import type { API, Backend, TLSClientProfile } from '#model/resources';
import { placeOf, placeText } from './profiles.ts';

type Named = Pick<Backend, 'host' | 'port'>;

/** Where an endpoint may be found among the servers of a profile: the closest first. */
const closeness = ({ host, port }: Named): string[] => [endpointTerm(host, port), endpointTerm(host), '*'];

/**
 * The profile for an endpoint whose API names none: the one for that port of the host, else for the host, else for all. Of
 * equally close ones the API's own namespace comes before the system's, and the older before the newer. Other namespaces
 * do not count: nobody decides how another's APIs are called.
 */
export function hostProfile(
  candidates: readonly TLSClientProfile[],
  api: API,
  endpoint: Named,
): TLSClientProfile | undefined {
  const own = placeOf(api).namespace;
  const wanted = closeness(endpoint);
  const ranked = candidates.flatMap((profile) => {
    const { namespace } = placeOf(profile);
    const terms = serverTerms(profile);
    const distance = wanted.findIndex((term) => terms.includes(term));
    if (distance < 0 || (namespace !== own && namespace !== systemNamespace)) return [];
    return [{ profile, rank: [distance, namespace === own ? 0 : 1], age: ageOf(profile) }];
  });
  const [best] = ranked.toSorted(
    (a, b) => a.rank[0]! - b.rank[0]! || a.rank[1]! - b.rank[1]! || (a.age < b.age ? -1 : 1),
  );
  return best?.profile;
}

const ageOf = (profile: TLSClientProfile): string =>
  `${profile.metadata.creationTimestamp} ${placeText(placeOf(profile))}`;
