import type { Kind } from '#model/resources';

/** Of each kind whose objects tell of certificates, whether its schedule could be read, and how often it could not. */
export class SourceHealth {
  readonly #sources: Map<string, { up: boolean; errors: number }>;

  constructor(kinds: readonly Kind[]) {
    this.#sources = new Map(kinds.map(({ plural }) => [plural, { up: false, errors: 0 }]));
  }

  /** Runs `read` over a kind, and remembers how it went. */
  async note<T>({ plural }: Kind, read: () => Promise<T>): Promise<T> {
    const source = this.#sources.get(plural)!;
    try {
      const result = await read();
      source.up = true;
      return result;
    } catch (error) {
      source.up = false;
      source.errors += 1;
      throw error;
    }
  }

  /** By plural name of the kind. */
  entries(): [name: string, health: { readonly up: boolean; readonly errors: number }][] {
    return [...this.#sources];
  }
}
