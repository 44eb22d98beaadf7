import type { GatewayNode } from '#model/resources';
import { identityOf, seenAtBackends } from '#model/expiry';
import type { WatchedCertificate } from '#model/expiry';

interface Seen {
  readonly certificate: WatchedCertificate;
  readonly nodes: Set<string>;
}

/** More than a gateway has backends; what is beyond is not watched, and counted. */
const mostSeen = 20_000;

/**
 * What gateway nodes have seen at backends, each certificate of a backend once however many nodes saw it. In memory,
 * because nodes report often and are few.
 */
export class SeenBackends {
  readonly #seen = new Map<string, Seen>();
  readonly #byNode = new Map<string, ReadonlySet<string>>();
  #leftOut = 0;

  /** What could not be kept because there was too much. */
  get leftOut(): number {
    return this.#leftOut;
  }

  /** Takes a node's report in the place of its last one; answers the identities that nobody had seen. */
  report(node: GatewayNode): string[] {
    const name = keyOf(node);
    const fresh: string[] = [];
    const now = new Set<string>();
    for (const certificate of seenAtBackends(node)) {
      const id = identityOf(certificate);
      if (this.#note(id, certificate, node.metadata.name)) fresh.push(id);
      now.add(id);
    }
    const before = this.#byNode.get(name);
    this.#byNode.set(name, now);
    for (const id of before ?? []) if (!now.has(id)) this.#drop(id, node.metadata.name);
    return fresh;
  }

  forget(node: GatewayNode): void {
    const name = keyOf(node);
    for (const id of this.#byNode.get(name) ?? []) this.#drop(id, node.metadata.name);
    this.#byNode.delete(name);
  }

  *certificates(): Generator<WatchedCertificate> {
    for (const { certificate, nodes } of this.#seen.values()) yield { ...certificate, nodes: [...nodes] };
  }

  #note(id: string, certificate: WatchedCertificate, node: string): boolean {
    const seen = this.#seen.get(id);
    if (seen !== undefined) {
      seen.nodes.add(node);
      return false;
    }
    if (this.#seen.size >= mostSeen) {
      this.#leftOut += 1;
      return false;
    }
    this.#seen.set(id, { certificate, nodes: new Set([node]) });
    return true;
  }

  #drop(id: string, node: string): void {
    const seen = this.#seen.get(id);
    seen?.nodes.delete(node);
    if (seen?.nodes.size === 0) this.#seen.delete(id);
  }
}

function keyOf({ metadata }: GatewayNode): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}
