import { conditionOf } from '#model/objects';
import { refTerm } from '#model/resources';
import type { Gateway, TLSServerProfile } from '#model/resources';
import { objectTerm } from '#model/stores';
import type { ObjectPlace } from '#model/stores';
import { isDefault } from '#model/statuses';
import type { LoopContext } from '../context.ts';
import { placeOf } from '../queue-loop.ts';
import { References } from '../stores/references.ts';

/** What counts of the profiles that a gateway names. */
export interface ProfilesVerdict {
  /** What is wrong with each that cannot be used. */
  readonly flaws: readonly string[];
  /** Those made at installation, as `TLSServerProfile ns/name`. */
  readonly defaults: readonly string[];
}

/**
 * How the profiles of gateways stand. A gateway may have ten thousand hosts, each with a profile, and its nodes report many
 * times a second: profiles are read again only when one of them, or the gateway, is different.
 */
export class ProfileVerdicts {
  readonly #context: LoopContext;
  readonly #references = new References();
  readonly #known = new Map<string, { readonly generation: number | undefined; readonly verdict: ProfilesVerdict }>();
  readonly #stale = new Set<string>();

  constructor(context: LoopContext) {
    this.#context = context;
  }

  /** The gateways (keys) that name the profile; what was known of them no longer counts. */
  invalidate(profileTerm: string): Iterable<string> {
    const gateways = this.#references.readersOf(profileTerm);
    for (const gateway of gateways) this.#stale.add(gateway);
    return gateways;
  }

  forget(key: string): void {
    this.#references.forget(key);
    this.#known.delete(key);
    this.#stale.delete(key);
  }

  async of(gateway: Gateway, key: string): Promise<ProfilesVerdict> {
    const { generation } = gateway.metadata;
    const known = this.#known.get(key);
    if (known !== undefined && known.generation === generation && !this.#stale.has(key)) return known.verdict;
    // A change from here on makes it stale again.
    this.#stale.delete(key);
    const verdict = await this.#read(gateway, key);
    this.#known.set(key, { generation, verdict });
    return verdict;
  }

  async #read({ metadata, spec }: Gateway, key: string): Promise<ProfilesVerdict> {
    const { store, kinds } = this.#context;
    const named = new Set(spec.sni.map(({ tlsServerProfileRef }) => refTerm(tlsServerProfileRef, metadata.namespace)));
    const terms = new Set([...named].map((term) => `TLSServerProfile ${term}`));
    for (const term of terms) this.#references.add(key, term);
    this.#references.keepOnly(key, terms);
    const flaws: string[] = [];
    const defaults: string[] = [];
    for (const place of [...named].map(placeOf)) {
      const profile = await store.get({ kind: kinds.serverProfile, ...place });
      const flaw = flawOf(place, profile);
      if (flaw !== undefined) flaws.push(flaw);
      if (profile !== undefined && isDefault(profile)) defaults.push(termOf(place));
    }
    return { flaws, defaults };
  }
}

function flawOf(place: ObjectPlace, profile: TLSServerProfile | undefined): string | undefined {
  if (profile === undefined) return `${termOf(place)} does not exist`;
  const ready = conditionOf(profile.status?.conditions, 'Ready');
  if (ready?.status === 'True') return undefined;
  return `${termOf(place)} is not ready: ${ready?.message ?? 'it has not been looked at yet'}`;
}

const termOf = ({ namespace, name }: ObjectPlace): string => objectTerm('TLSServerProfile', namespace, name);
