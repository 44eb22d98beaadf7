import type { Certificate, ClusterIssuer, Issuer, Kind } from '#model/resources';
import { Feed } from '#control/runtime';
import type { Change, Positions } from '#control/runtime';
import type { Loop, LoopChange, LoopContext } from './context.ts';
import { systemNamespace } from './context.ts';
import type { CertificateMetrics } from './metrics/certificate-metrics.ts';
import type { IssuerMetrics } from './metrics/issuer-metrics.ts';

export interface FeedsParts {
  readonly context: LoopContext;
  readonly loops: readonly Loop[];
  readonly certificateMetrics: CertificateMetrics;
  readonly issuerMetrics: IssuerMetrics;
  /** Called when there is news worth remembering the position for. */
  readonly onNews: () => void;
}

/** The changes of all kinds, handed to all loops and to the metrics. */
export class Feeds {
  readonly #parts: FeedsParts;
  #feeds: Feed[] = [];

  constructor(parts: FeedsParts) {
    this.#parts = parts;
  }

  /** What was dealt with before a restart is not handed out again; of a kind without position, every object is. */
  start(positions: Positions): void {
    const { context, loops } = this.#parts;
    const { store, clock, registry, kinds, log } = context;
    // Events are written for people; no loop reacts to them.
    const watched = registry.kinds.filter((kind) => kind !== kinds.event);
    this.#feeds = watched.map(
      (kind) =>
        new Feed({
          store,
          kind,
          clock,
          from: positions[streamOf(kind)],
          onChange: (change) => this.#hand(change),
          room: async () => void (await Promise.all(loops.map((loop) => loop.room()))),
          onFailure: ({ plural }, error) =>
            log.warn({ kind: plural, problem: String(error) }, 'a watch failed and is taken up again'),
        }),
    );
    for (const feed of this.#feeds) feed.start();
  }

  /** Whether every feed has handed out what was there when it began. */
  get caughtUp(): boolean {
    return this.#feeds.every(({ seen }) => seen !== undefined);
  }

  /** Of each kind, the revision up to which everything has been seen and dealt with. */
  positions(): Positions {
    const open = this.#parts.loops.map((loop) => loop.oldestOpenRevision() ?? Infinity);
    const done = Math.min(...open) - 1;
    const positions: Record<string, string> = {};
    for (const { kind, seen } of this.#feeds) {
      const position = Math.min(Number(seen ?? 0), done);
      if (position > 0) positions[streamOf(kind)] = String(position);
    }
    return positions;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#feeds.map((feed) => feed.stop()));
  }

  #hand(change: Change): void {
    const { context, loops } = this.#parts;
    const own = context.echoes.take(change.object.metadata.resourceVersion);
    const news: LoopChange = { ...change, own };
    for (const loop of loops) loop.onChange(news);
    this.#count(news);
    if (change.object.metadata.namespace !== systemNamespace) this.#parts.onNews();
  }

  #count(change: LoopChange): void {
    const { context, certificateMetrics, issuerMetrics } = this.#parts;
    const { certificate, issuer, clusterIssuer } = context.kinds;
    const kind: Kind<never> | Kind = change.kind;
    if (kind === certificate) certificateMetrics.onChange(change as LoopChange<Certificate>);
    else if (kind === issuer || kind === clusterIssuer) {
      issuerMetrics.onChange(change as LoopChange<Issuer | ClusterIssuer>);
    }
  }
}

/** A key of the ConfigMap that the positions are kept in. */
function streamOf({ plural, group }: Kind): string {
  return group === '' ? plural : `${plural}.${group}`;
}
