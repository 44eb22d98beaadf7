import { chainLimitOf } from '#model/rotation';
import type { LinkState } from '#model/rotation';
import type { Link, LinkEnd } from '#model/workloads';
import type { KnownWorkload } from './workload-registry.ts';

/** Both directions of every link: what the server presents to the client, and where it asks for it, the other way. */
export function linkStates(links: readonly Link[], workloads: ReadonlyMap<string, KnownWorkload>): LinkState[] {
  return links.flatMap(({ client, server, isMutual }) => [
    ...direction('server', server, client, workloads),
    ...(isMutual ? direction('client', client, server, workloads) : []),
  ]);
}

function direction(
  side: LinkState['side'],
  presenter: LinkEnd,
  verifier: LinkEnd,
  workloads: ReadonlyMap<string, KnownWorkload>,
): LinkState[] {
  const identity = workloads.get(presenter.workload)?.places.get(presenter.presents ?? '');
  const other = workloads.get(verifier.workload);
  const trust = other?.places.get(verifier.trusts ?? '');
  if (identity === undefined || trust === undefined) return [];
  const maxDepth = other && chainLimitOf(other.workload);
  const limit = maxDepth === undefined ? {} : { maxDepth };
  return [{ side, presenter: presenter.workload, identity, verifier: verifier.workload, trust, ...limit }];
}
